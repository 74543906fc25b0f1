import net from 'node:net'
import { API_KEY } from './orders.ts'

/** One keep-alive connection that sends one request at a time; written for little CPU, since it shares the machine with what it measures. */
export type Connection = {
  /** @throws Error when the connection is lost before the whole answer is there. */
  post(path: string, body: string): Promise<number>
  /** Whether the server has not hung up; servers do so with connections that are idle for long. */
  isOpen(): boolean
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')

const contentLength = (head: string): number => Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)

/** Opens a connection to a loopback server. A request resolves with its status once the whole answer is there. */
export const connect = async (port: number): Promise<Connection> => {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true })
  let received: Buffer = Buffer.alloc(0)
  let waiting: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined
  const fail = () => {
    waiting?.reject(new Error('connection lost'))
    waiting = undefined
  }
  socket.on('error', fail)
  socket.on('close', fail)
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const end = received.indexOf(HEAD_END)
    if (end === -1) return
    const head = received.toString('latin1', 0, end)
    if (received.length < end + 4 + contentLength(head)) return
    received = Buffer.alloc(0)
    const { resolve } = waiting ?? {}
    waiting = undefined
    resolve?.(Number(head.slice(9, 12)))
  })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: application/json\r\nContent-Length: `
  return {
    post: (path, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        if (!socket.writable) return fail()
        socket.write(`POST ${path} HTTP/1.1\r\n${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }),
    isOpen: () => socket.writable,
    close: () => socket.destroy(),
  }
}

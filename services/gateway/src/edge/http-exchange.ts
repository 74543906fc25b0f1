import { connect } from 'node:net'

/** What came back over a socket, byte for byte. */
export type RawAnswer = { readonly status: number; readonly text: string }

/**
 * For tests: sends pieces over a raw connection, so that they can be anything, and reads until the other side closes it.
 */
export const sendRaw = (url: string, pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    const read: Buffer[] = []
    socket.on('data', (chunk) => read.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const text = Buffer.concat(read).toString()
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    })
    for (const piece of pieces) socket.write(piece)
  })

/** Head of a request, lines ended as HTTP wants them. */
export const head = (first: string, headers: Readonly<Record<string, string | number>>): string =>
  `${first} HTTP/1.1\r\nHost: mesh\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`

/** For tests: sends a head that expects 100-continue, and hangs up when the other side has seen it. */
export const hangUp = (url: string, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.on('error', reject)
    socket.on('data', () => socket.destroy())
    socket.on('close', () => resolve())
    socket.write(text)
  })

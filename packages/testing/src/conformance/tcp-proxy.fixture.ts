import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** Stands between a client and a server, and goes wrong on demand. */
export type TcpProxy = {
  readonly port: number
  /** Ends all connections and takes no more, as a server that was killed. */
  kill(): Promise<void>
  /** Takes connections again, on the same port. */
  revive(): Promise<void>
  /** Goes on taking bytes but passes none on, as a server that was stopped (SIGSTOP). */
  stall(): void
  /** Passes the next request that holds this text on, and ends the connection where its answer should go. */
  loseAnswerTo(text: string): void
  /** Requests that held the text of {@link TcpProxy.loseAnswerTo} since then. */
  readonly met: () => number
  close(): Promise<void>
}

/** Opens a proxy to a server. */
export const openTcpProxy = async (target: { host: string; port: number }): Promise<TcpProxy> => {
  const open = new Set<Socket>()
  let stalled = false
  let marker: string | undefined
  let met = 0

  const pass = (client: Socket) => {
    const server = connect(target)
    let mute = false
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    client.on('data', (bytes: Buffer) => {
      if (stalled) return
      if (marker !== undefined && bytes.includes(marker)) mute = ++met === 1
      server.write(bytes)
    })
    server.on('data', (bytes: Buffer) => {
      if (stalled) return
      if (mute) client.resetAndDestroy()
      else client.write(bytes)
    })
  }

  let listener = createServer(pass).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo

  const kill = async () => {
    const closed = once(listener, 'close')
    listener.close()
    for (const socket of open) socket.destroy()
    await closed
  }

  return {
    port,
    kill,
    revive: async () => {
      stalled = false
      listener = createServer(pass).listen(port, '127.0.0.1')
      await once(listener, 'listening')
    },
    stall: () => {
      stalled = true
    },
    loseAnswerTo: (text) => {
      marker = text
      met = 0
    },
    met: () => met,
    close: async () => {
      if (listener.listening) await kill()
    },
  }
}

import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** Stands between clients and a server on a port of its own, and can be away. */
export type Relay = {
  readonly port: number
  /** Ends all connections and takes no more, as a server that was killed. */
  stop(): Promise<void>
  /** Takes connections again, on the same port. */
  start(): Promise<void>
}

/**
 * Opens a relay to a server. What ends on one side ends on the other.
 *
 * @param wire - says what passes between the two; called once for each connection.
 */
export const openRelay = async (
  target: { readonly host: string; readonly port: number },
  wire: (client: Socket, server: Socket) => void,
): Promise<Relay> => {
  const open = new Set<Socket>()

  const pass = (client: Socket) => {
    const server = connect(target)
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
    wire(client, server)
  }

  let listener = createServer(pass).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo

  return {
    port,
    stop: async () => {
      if (!listener.listening) return
      const closed = once(listener, 'close')
      listener.close()
      for (const socket of open) socket.destroy()
      await closed
    },
    start: async () => {
      listener = createServer(pass).listen(port, '127.0.0.1')
      await once(listener, 'listening')
    },
  }
}

import { openRelay } from '../proxy/relay.fixture.ts'

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
  let stalled = false
  let marker: string | undefined
  let met = 0

  const relay = await openRelay(target, (client, server) => {
    let mute = false
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
  })

  return {
    port: relay.port,
    kill: relay.stop,
    revive: async () => {
      stalled = false
      await relay.start()
    },
    stall: () => {
      stalled = true
    },
    loseAnswerTo: (text) => {
      marker = text
      met = 0
    },
    met: () => met,
    close: relay.stop,
  }
}

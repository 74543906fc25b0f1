import { openRelay } from '../proxy/relay.fixture.ts'

/** Kafka's numbers of the requests that the proxy knows. */
export const API = { produce: 0, metadata: 3 } as const

/** What the proxy does with an answer of the broker's: the broker has done its work by then. */
type AnswerFate = 'pass' | 'lose'

/**
 * Stands between clients and one broker. It reads Kafka's framing, and puts itself in the broker's place in the
 * metadata, so that clients come to it for everything.
 */
export type KafkaProxy = {
  /** `host:port` for clients. */
  readonly address: string
  /** Requests of an API that were passed on to the broker. */
  count(api: number): number
  /** Decides about each answer; `lose` ends the connection instead of passing it on. */
  onAnswer: (api: number) => AnswerFate
  /** Ends all connections and takes no more. */
  stop(): Promise<void>
  /** Takes connections again, on the same port. */
  start(): Promise<void>
  /** Keeps what comes to itself from now on, in both directions; connections stay open. */
  freeze(): void
  /** Pieces of data that were kept so far. */
  kept(): number
  /** Passes on what comes from now on; what was kept stays lost on the connections of that time. */
  thaw(): void
  close(): Promise<void>
}

/** Cuts a stream into Kafka's frames: four bytes of length, then so many bytes. */
const frames = (onFrame: (frame: Buffer) => void) => {
  let rest = Buffer.alloc(0)
  return (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      onFrame(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}

const LENGTH_AND_CORRELATION = 8

/**
 * Writes another port over the broker's in an answer about metadata (versions 1 to 8): after the throttle time of
 * version 3 and above stand the brokers, each with node id, host, port and rack.
 */
const readdress = (frame: Buffer, version: number, port: number): void => {
  let at = LENGTH_AND_CORRELATION + (version >= 3 ? 4 : 0)
  const brokers = frame.readInt32BE(at)
  at += 4
  for (let broker = 0; broker < brokers; broker++) {
    at += 4
    at += 2 + frame.readInt16BE(at)
    frame.writeInt32BE(port, at)
    at += 4
    const rack = frame.readInt16BE(at)
    at += 2 + Math.max(0, rack)
  }
}

type Asked = { readonly api: number; readonly version: number }

/** Opens a proxy to a broker that is the only one of its cluster. */
export const openKafkaProxy = async (broker: string): Promise<KafkaProxy> => {
  const [host = '', target = ''] = broker.split(':')
  const counts = new Map<number, number>()
  let frozen = false
  let kept = 0

  const relay = await openRelay({ host, port: Number(target) }, (client, server) => {
    const asked = new Map<number, Asked>()
    let deaf = false
    const keeps = () => {
      deaf ||= frozen
      if (deaf) kept++
      return deaf
    }
    const onRequest = frames((frame) => {
      const [api, version, correlation] = [frame.readInt16BE(4), frame.readInt16BE(6), frame.readInt32BE(8)]
      asked.set(correlation, { api, version })
      counts.set(api, (counts.get(api) ?? 0) + 1)
      server.write(frame)
    })
    const onAnswer = frames((frame) => {
      const { api, version } = asked.get(frame.readInt32BE(4)) ?? { api: -1, version: 0 }
      if (api === API.metadata) readdress(frame, version, relay.port)
      if (proxy.onAnswer(api) === 'lose') client.destroy()
      else client.write(frame)
    })
    client.on('data', (bytes: Buffer) => keeps() || onRequest(bytes))
    server.on('data', (bytes: Buffer) => keeps() || onAnswer(bytes))
  })

  const proxy: KafkaProxy = {
    address: `127.0.0.1:${relay.port}`,
    count: (api) => counts.get(api) ?? 0,
    onAnswer: () => 'pass',
    stop: relay.stop,
    start: relay.start,
    kept: () => kept,
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
    },
    close: relay.stop,
  }
  return proxy
}

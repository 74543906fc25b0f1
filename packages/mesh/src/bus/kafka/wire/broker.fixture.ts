import net from 'node:net'

const API_VERSIONS = 18
const METADATA = 3
const SASL_HANDSHAKE = 17

/** How a broker behaves. */
type Conduct = {
  /** Takes connections and answers nothing. */
  readonly silent?: boolean
  /** Kind of request that it does not answer. */
  readonly deafTo?: number
  /** Kafka's code that it refuses each topic with. */
  readonly refusal?: number
}

/** A server that speaks enough of Kafka's protocol to be asked for topics; it has none, and takes no login. */
export type FakeBroker = {
  /** `host:port` */
  readonly address: string
  /** Connections so far. */
  readonly connections: () => number
  /** Resolves with the first connection. */
  readonly connected: Promise<unknown>
  stop(): Promise<void>
}

const int16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [at, value] of values.entries()) bytes.writeInt16BE(value, at * 2)
  return bytes
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const UNKNOWN_TOPIC = 3
const UNSUPPORTED_SASL_MECHANISM = 33

const VERSIONS: readonly (readonly [number, number, number])[] = [
  [METADATA, 0, 0],
  [SASL_HANDSHAKE, 0, 0],
  [API_VERSIONS, 0, 2],
]

/** Strings of an array at an offset. */
const stringsIn = (bytes: Buffer, start: number): Buffer[] => {
  const found: Buffer[] = []
  let at = start + 4
  for (let left = bytes.readInt32BE(start); left > 0; left--) {
    const end = at + 2 + bytes.readInt16BE(at)
    found.push(bytes.subarray(at, end))
    at = end
  }
  return found
}

const HEADER_BYTES = 8

const answerTo = (request: Buffer, refusal: number): Buffer => {
  const apiKey = request.readInt16BE(0)
  if (apiKey === API_VERSIONS)
    return Buffer.concat([
      int16(0),
      int32(VERSIONS.length),
      ...VERSIONS.map((one) => int16(...one)),
      int32(0),
    ])
  if (apiKey === SASL_HANDSHAKE) return Buffer.concat([int16(UNSUPPORTED_SASL_MECHANISM), int32(0)])
  const body = HEADER_BYTES + 2 + request.readInt16BE(HEADER_BYTES)
  const topics = stringsIn(request, body).flatMap((name) => [int16(refusal), name, int32(0)])
  return Buffer.concat([int32(0), int32(topics.length / 3), ...topics])
}

/** Starts a broker on a free port of this machine. */
export const startBroker = async ({
  silent = false,
  deafTo,
  refusal = UNKNOWN_TOPIC,
}: Conduct = {}): Promise<FakeBroker> => {
  const sockets = new Set<net.Socket>()
  const first = Promise.withResolvers<void>()
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    sockets.add(socket)
    first.resolve()
    let bytes = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
        const request = bytes.subarray(4, 4 + bytes.readInt32BE(0))
        bytes = bytes.subarray(4 + request.length)
        if (silent || request.readInt16BE(0) === deafTo) continue
        const body = answerTo(request, refusal)
        socket.write(Buffer.concat([int32(body.length + 4), request.subarray(4, 8), body]))
      }
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    connections: () => connections,
    connected: first.promise,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

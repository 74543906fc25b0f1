import net from 'node:net'

/** Kafka's Metadata request, in a version that brokers from 0.11 to 4.x speak. */
const METADATA = { key: 3, version: 5 } as const
const CORRELATION = 1

/** The request as it goes over the wire: no topics, nothing is created. */
export const metadataRequest = (): Buffer => {
  const client = Buffer.from('engines')
  const body = Buffer.alloc(4 + 2 + 2 + 4 + 2 + client.length + 4 + 1)
  let at = body.writeInt32BE(body.length - 4, 0)
  at = body.writeInt16BE(METADATA.key, at)
  at = body.writeInt16BE(METADATA.version, at)
  at = body.writeInt32BE(CORRELATION, at)
  at = body.writeInt16BE(client.length, at)
  at += client.copy(body, at)
  at = body.writeInt32BE(0, at)
  body.writeInt8(0, at)
  return body
}

/**
 * Ids of the brokers that an answer names: those that the cluster counts as alive.
 *
 * @param answer - the whole answer with its length in front.
 * @throws Error when it is something else.
 */
export const brokersIn = (answer: Buffer): readonly number[] => {
  if (answer.readInt32BE(4) !== CORRELATION) throw new Error('not the answer to this request')
  const ids: number[] = []
  let at = 16
  const string = () => {
    at += 2 + Math.max(0, answer.readInt16BE(at))
  }
  for (let left = answer.readInt32BE(12); left > 0; left--) {
    ids.push(answer.readInt32BE(at))
    at += 4
    string()
    at += 4
    string()
  }
  return ids
}

const isWhole = (received: Buffer): boolean =>
  received.length >= 4 && received.length >= 4 + received.readInt32BE(0)

const ask = async (socket: net.Socket): Promise<Buffer> => {
  socket.write(metadataRequest())
  let received = Buffer.alloc(0)
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer])
    if (isWhole(received)) return received
  }
  throw new Error('the connection was closed before the answer')
}

/**
 * Asks one broker which brokers of its cluster are alive.
 *
 * @param timeoutMs - time for the whole exchange, in milliseconds.
 * @throws Error when it does not answer.
 */
export const aliveBrokers = async (port: number, timeoutMs = 2_000): Promise<readonly number[]> => {
  const socket = net.connect({ port, host: '127.0.0.1' })
  const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    return brokersIn(await ask(socket))
  } finally {
    clearTimeout(timer)
    socket.on('error', () => {})
    socket.destroy()
  }
}

import { createRequire } from 'node:module'
import type { Kafka } from 'kafkajs'

// Everything that this driver uses of kafkajs beyond its public API, but for the request queue's patch. kafkajs is
// pinned to 2.2.4 and has had no release since 2023; why its own producer would not do: docs/adr/0011.

/** A request as kafkajs encodes it, and how its answer is decoded. `parse` would throw at the first error inside. */
type ProtocolCall = {
  readonly request: unknown
  readonly response: { decode(payload: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> }
  /** Milliseconds, where the broker holds its answer back for longer than other answers take. */
  readonly requestTimeout?: number
}

type Connection = {
  /** Fails when it is not connected. Its pool would connect it, but twice when two ask at once. */
  send(call: ProtocolCall): Promise<unknown>
  readonly socket?: { destroy(): void }
  readonly requestQueue: { rejectAll(reason: Error): void }
  disconnect(): Promise<unknown>
}

/** Only the first connection is used here; the second is for the fetches of consumers. */
type ConnectionPool = { readonly pool: readonly [Connection, Connection] }

type PrivateBroker = {
  readonly connectionPool: ConnectionPool
  isConnected(): boolean
  /** Connects, agrees on the versions of requests, logs in. */
  connect(): Promise<void>
  lookupRequest(apiKey: number, definitions: unknown): (parameters: object) => ProtocolCall
}

type PrivateCluster = {
  readonly rootLogger: unknown
  readonly connectionPoolBuilder: { build(at: { host: string; port: number }): Promise<ConnectionPool> }
  readonly brokerPool: {
    createBroker(options: { connectionPool: ConnectionPool; logger: unknown }): PrivateBroker
  }
}

const CREATE_CLUSTER = 'private:Kafka:createCluster'

const load = createRequire(import.meta.url)
const apiKeys = load('kafkajs/src/protocol/requests/apiKeys') as Readonly<Record<string, number>>
const { requests } = load('kafkajs/src/protocol/requests') as { requests: Readonly<Record<string, unknown>> }
const { errorCodes } = load('kafkajs/src/protocol/error') as {
  errorCodes: readonly { readonly code: number; readonly type: string; readonly message: string }[]
}

const names = new Map(errorCodes.map(({ code, type }) => [code, type]))

/** Kafka's name of an error code, such as NOT_LEADER_FOR_PARTITION; `ERROR_<code>` for codes younger than kafkajs. */
export const errorName = (code: number): string => names.get(code) ?? `ERROR_${code}`

/** The requests that this driver sends by itself. */
export type Api =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'GroupCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'OffsetCommit'
  | 'OffsetFetch'

/** Parameters of a request may say how long the broker may hold its answer back, in milliseconds. */
export type HeldBack = { readonly heldBackMs?: number }

/** What an answer may take on top of that before kafkajs gives it up. */
const HEADROOM_MS = 5_000

/** A connection to one broker, with the encoding and the login of kafkajs. */
export type Wire = {
  connected(): boolean
  /** Connects if it is not connected. */
  connect(): Promise<void>
  /** Sends a request; the answer is decoded, and errors inside are left in. */
  send(api: Api, parameters: object): Promise<unknown>
  /** Hangs up at once; whatever waits for an answer fails with `reason`. */
  destroy(reason: Error): void
}

const quietly = (promise: Promise<unknown>) => void promise.catch(() => {})

/** How to open wires with the addresses, the login and the time limits of a client. */
export const wires = (kafka: Kafka): ((host: string, port: number) => Promise<Wire>) => {
  const key = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER)
  const create = key && (kafka as unknown as Record<symbol, unknown>)[key]
  if (typeof create !== 'function')
    throw new TypeError('This kafkajs is not 2.2.4, whose inner parts the Kafka driver is made for.')
  const cluster = create({ allowAutoTopicCreation: false, metadataMaxAge: 0 }) as PrivateCluster

  return async (host, port) => {
    const connectionPool = await cluster.connectionPoolBuilder.build({ host, port })
    const broker = cluster.brokerPool.createBroker({ connectionPool, logger: cluster.rootLogger })
    let connecting: Promise<void> | undefined
    return {
      // kafkajs calls a broker connected before it knows what requests that broker understands.
      connected: () => connecting === undefined && broker.isConnected(),
      connect: () => {
        connecting ??= broker.connect().finally(() => {
          connecting = undefined
        })
        return connecting
      },
      send: (api, parameters) => {
        const call = broker.lookupRequest(apiKeys[api] ?? -1, requests[api])(parameters)
        const asItCame = { decode: call.response.decode, parse: async (decoded: unknown) => decoded }
        const { heldBackMs } = parameters as HeldBack
        const patience = heldBackMs === undefined ? {} : { requestTimeout: heldBackMs + HEADROOM_MS }
        return connectionPool.pool[0].send({ ...call, ...patience, response: asItCame })
      },
      destroy: (reason) => {
        const [connection] = connectionPool.pool
        connection.requestQueue.rejectAll(reason)
        quietly(connection.disconnect())
        connection.socket?.destroy()
      },
    }
  }
}

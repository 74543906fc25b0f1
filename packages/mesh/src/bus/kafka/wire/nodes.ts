import type { KafkaClient } from '../client.ts'
import { type Api, type Wire, wires } from './internals.ts'

/** A partition as the brokers see it. */
type PartitionState = {
  readonly partition: number
  /** Node that takes its records; -1: none at the moment. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

/** A topic as the brokers see it; `errorCode` other than 0: they know nothing about it. */
export type TopicState = {
  readonly name: string
  readonly errorCode: number
  readonly partitions: readonly PartitionState[]
}

/** Connections to the brokers of a cluster, by node. Tries nothing twice: deadlines and retries are the callers' own. */
export type Nodes = {
  /** Asks any broker about topics of these names; learns on the way which brokers there are. */
  metadata(topics: readonly string[]): Promise<readonly TopicState[]>
  /** Sends a request to one node. */
  send(node: number, api: Api, parameters: object): Promise<unknown>
  /** Sends a request to whichever broker answers. */
  sendAny(api: Api, parameters: object): Promise<unknown>
  /** Hangs up. */
  close(): void
}

type Address = { readonly host: string; readonly port: number }

type MetadataAnswer = {
  readonly brokers: readonly (Address & { readonly nodeId: number })[]
  readonly topicMetadata: readonly {
    readonly topic: string
    readonly topicErrorCode: number
    readonly partitionMetadata: readonly (Omit<PartitionState, 'partition'> & {
      readonly partitionId: number
    })[]
  }[]
}

const nameOf = ({ host, port }: Address) => `${host}:${port}`

const seedsOf = (servers: string): Address[] =>
  servers.split(', ').map((server) => {
    const colon = server.lastIndexOf(':')
    return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) }
  })

/** Where the nodes are, as the last metadata told. */
export type AddressBook = Map<number, Address>

/** How connections behave. */
export type NodesOptions = {
  /**
   * Milliseconds after which a request that is not answered fails and its connection is given up, connecting and login
   * included. kafkajs has ways in which a request never settles. Without it, whoever asks must see to that.
   */
  readonly patienceMs?: number
  /** Shared with other connections to the same cluster, so that one of them asking is enough. */
  readonly addresses?: AddressBook
}

const inTime = async <T>(answer: Promise<T>, patienceMs: number | undefined): Promise<T> => {
  if (patienceMs === undefined) return answer
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(() => over.reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  try {
    return await Promise.race([answer, over.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Prepares connections; none is opened yet. */
export const createNodes = (
  client: KafkaClient,
  { patienceMs, addresses: brokers = new Map() }: NodesOptions = {},
): Nodes => {
  const open = wires(client.kafka)
  const seeds = seedsOf(client.servers)
  const opened = new Map<string, Promise<Wire>>()
  /** Brokers whose last request came to nothing: asked last, since one that hangs costs much time. */
  const suspects = new Set<string>()
  let turn = 0
  let closed = false

  const drop = (name: string, reason: Error) => {
    const wire = opened.get(name)
    opened.delete(name)
    void wire?.then((ended) => ended.destroy(reason)).catch(() => {})
  }

  /** After any failure the next request begins with a new connection: kafkajs does not notice one that has gone dead. */
  const at = async (address: Address, api: Api, parameters: object): Promise<unknown> => {
    if (closed) throw new Error('The bus is closed.')
    const name = nameOf(address)
    const pending = opened.get(name) ?? open(address.host, address.port)
    opened.set(name, pending)
    const ask = async () => {
      const wire = await pending
      if (opened.get(name) !== pending) throw new Error(`The connection to ${name} was given up.`)
      if (!wire.connected()) await wire.connect()
      return wire.send(api, parameters)
    }
    try {
      const answer = await inTime(ask(), patienceMs)
      suspects.delete(name)
      return answer
    } catch (thrown) {
      suspects.add(name)
      if (opened.get(name) === pending) drop(name, thrown as Error)
      throw thrown
    }
  }

  const rank = (address: Address): number => {
    const name = nameOf(address)
    if (suspects.has(name)) return 2
    return opened.has(name) ? 0 : 1
  }

  /** Brokers to ask, the connected ones first, each once. */
  const candidates = (): Address[] => {
    const all = new Map([...brokers.values(), ...seeds].map((address) => [nameOf(address), address]))
    const list = [...all.values()]
    const shift = turn++ % list.length
    const turned = [...list.slice(shift), ...list.slice(0, shift)]
    return turned.toSorted((a, b) => rank(a) - rank(b))
  }

  const sendAny = async (api: Api, parameters: object): Promise<unknown> => {
    let last: unknown
    for (const address of candidates()) {
      try {
        return await at(address, api, parameters)
      } catch (thrown) {
        last = thrown
      }
    }
    throw last
  }

  const learn = (answer: MetadataAnswer) => {
    brokers.clear()
    for (const { nodeId, host, port } of answer.brokers) brokers.set(nodeId, { host, port })
    const needed = new Set([...brokers.values(), ...seeds].map(nameOf))
    for (const name of suspects) if (!needed.has(name)) suspects.delete(name)
    for (const name of opened.keys())
      if (!needed.has(name)) drop(name, new Error(`The broker ${name} is gone.`))
  }

  return {
    metadata: async (topics) => {
      const answer = (await sendAny('Metadata', { topics, allowAutoTopicCreation: false })) as MetadataAnswer
      learn(answer)
      return answer.topicMetadata.map(({ topic, topicErrorCode, partitionMetadata }) => ({
        name: topic,
        errorCode: topicErrorCode,
        partitions: partitionMetadata
          .map(({ partitionId, leader, replicas, isr }) => ({
            partition: partitionId,
            leader,
            replicas,
            isr,
          }))
          .toSorted((a, b) => a.partition - b.partition),
      }))
    },
    send: (node, api, parameters) => {
      const address = brokers.get(node)
      if (address === undefined) return Promise.reject(new Error(`The broker ${node} is not there.`))
      return at(address, api, parameters)
    },
    sendAny,
    close: () => {
      closed = true
      for (const name of opened.keys()) drop(name, new Error('The bus is closed.'))
    },
  }
}

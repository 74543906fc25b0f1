import type { KafkaClient } from '../client.ts'
import { isRefusedLogin } from '../failure.ts'
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

/** What several connections to one cluster know together. */
export type AddressBook = {
  /** Where the nodes are, as the last metadata told. */
  readonly brokers: Map<number, Address>
  /**
   * `host:port` of those whose last request came to nothing, in the order of these failures. They are asked last, since
   * one that hangs costs much time.
   */
  readonly suspects: Set<string>
}

/** Knows nothing yet. */
export const createAddressBook = (): AddressBook => ({ brokers: new Map(), suspects: new Set() })

/** How connections behave. */
export type NodesOptions = {
  /**
   * Milliseconds after which a request that is not answered fails and its connection is given up, connecting and login
   * included. kafkajs has ways in which a request never settles. Without it, whoever asks must see to that.
   */
  readonly patienceMs?: number
  /** Milliseconds for connecting and logging in alone, where that must be less. */
  readonly connectMs?: number
  /** Shared with other connections to the same cluster, so that one of them asking is enough. */
  readonly addresses?: AddressBook
  /** 0 to 1, exclusive: with which broker to begin. Processes that start together should not all begin with the same. */
  readonly random?: () => number
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

/** Errors of requests that never went out. */
const unsent = new WeakSet<object>()

const notSent = (message: string): Error => {
  const error = new Error(message)
  unsent.add(error)
  return error
}

/** Whether a failed request may have reached its broker; false: it did not get as far as a connection. */
export const wasSent = (thrown: unknown): boolean => !(Error.isError(thrown) && unsent.has(thrown))

/** Prepares connections; none is opened yet. */
export const createNodes = (
  client: KafkaClient,
  { patienceMs, connectMs, addresses = createAddressBook(), random = Math.random }: NodesOptions = {},
): Nodes => {
  const open = wires(client.kafka)
  const seeds = seedsOf(client.servers)
  const opened = new Map<string, Promise<Wire>>()
  const { brokers, suspects } = addresses
  const { gate } = client
  /** Brokers that are being connected to. */
  const entering = new Set<string>()
  let turn = Math.floor(random() * seeds.length)
  let closed = false

  const drop = (name: string, reason: Error) => {
    const wire = opened.get(name)
    opened.delete(name)
    void wire?.then((ended) => ended.destroy(reason)).catch(() => {})
  }

  const enter = async (name: string, wire: Wire) => {
    gate.check(name)
    entering.add(name)
    try {
      await inTime(wire.connect(), connectMs)
    } catch (thrown) {
      gate.failed(name, thrown)
      throw thrown
    } finally {
      entering.delete(name)
    }
    gate.passed(name)
  }

  /** After any failure the next request begins with a new connection: kafkajs does not notice one that has gone dead. */
  const at = async (address: Address, api: Api, parameters: object): Promise<unknown> => {
    if (closed) throw notSent('The bus is closed.')
    const name = nameOf(address)
    let sent = false
    const pending = opened.get(name) ?? open(address.host, address.port)
    opened.set(name, pending)
    const ask = async () => {
      const wire = await pending
      if (opened.get(name) !== pending) throw new Error(`The connection to ${name} was given up.`)
      if (!wire.connected()) await enter(name, wire)
      sent = true
      return wire.send(api, parameters)
    }
    try {
      const answer = await inTime(ask(), patienceMs)
      suspects.delete(name)
      return answer
    } catch (thrown) {
      suspect(name)
      if (!sent && Error.isError(thrown)) unsent.add(thrown)
      // Whatever else waits there may have gone out.
      const reason = sent ? (thrown as Error) : new Error(String((thrown as Error).message))
      if (opened.get(name) === pending) drop(name, reason)
      throw thrown
    }
  }

  const suspect = (name: string) => {
    suspects.delete(name)
    suspects.add(name)
  }

  const rank = (address: Address): number => {
    const name = nameOf(address)
    // Whoever failed longest ago comes first, so that each gets its turn where all have failed.
    if (suspects.has(name)) return 2 + [...suspects].indexOf(name)
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
        // What only a person can change is worth more words than a broker that is away.
        last = isRefusedLogin(last) ? last : thrown
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
      if (address === undefined) return Promise.reject(notSent(`The broker ${node} is not there.`))
      return at(address, api, parameters)
    },
    sendAny,
    close: () => {
      closed = true
      // Whoever hangs up may do so because of them, and begin anew with the same address book.
      for (const name of entering) suspect(name)
      for (const name of opened.keys()) drop(name, new Error('The bus is closed.'))
    },
  }
}

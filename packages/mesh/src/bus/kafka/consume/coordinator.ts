import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { type Api, errorName } from '../wire/internals.ts'
import type { Nodes } from '../wire/nodes.ts'

/** Kafka's word for why it refuses, such as UNKNOWN_MEMBER_ID; undefined: it does not. */
export type Refusal = string | undefined

/** The group does not do what it was asked for. */
export class Refused extends Error {
  readonly refusal: string

  constructor(what: string, refusal: string) {
    super(`The group refuses to ${what}: ${refusal}.`)
    this.refusal = refusal
  }
}

/** Kafka's word in an error; undefined: it is about something else, such as a connection. */
export const refusalIn = (thrown: unknown): Refusal =>
  thrown instanceof Refused ? thrown.refusal : undefined

/** Part of an answer that may be a refusal. */
export type Coded = { readonly errorCode: number }

/** Partitions as Kafka's requests list them. */
export type ByTopic<P> = { readonly topic: string; readonly partitions: readonly P[] }

/** How far a group is on a partition. */
export type Committed = TopicPartition & {
  /** Undefined: it has never committed, or does not tell. */
  readonly offset: number | undefined
  /** Why it does not tell. */
  readonly refusal: Refusal
}

/** The broker that looks after a group. */
export type Coordinator = {
  /** Makes known who it is, so that the next request goes out at once. */
  find(): Promise<void>
  /** Rejects when no answer came, or nobody looks after the group. */
  send(api: Api, parameters: object): Promise<unknown>
  /** What an answer says; one that names no coordinator any more makes the next request look for it. */
  heed(answer: Coded): Refusal
  /** @throws Refused where the coordinator tells nothing at all. */
  committed(places: readonly TopicPartition[]): Promise<Committed[]>
}

/** The group has another coordinator by now, or none yet. */
const MOVED = new Set<Refusal>([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])

const refusalOf = ({ errorCode }: Coded): Refusal => (errorCode === 0 ? undefined : errorName(errorCode))

/** Puts partitions of the same topic together, under the cluster's names. */
export const grouped = <T extends TopicPartition, P>(
  client: KafkaClient,
  places: readonly T[],
  toPartition: (place: T) => P,
): ByTopic<P>[] =>
  [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic: client.name(topic),
    partitions: ofTopic.map(toPartition),
  }))

type OffsetsAnswer = Coded & {
  readonly responses: readonly ByTopic<Coded & { readonly partition: number; readonly offset: string }>[]
}

/**
 * Prepares requests to a group's coordinator; asks who that is when first needed and after any failure.
 *
 * @param learn - makes the nodes' addresses known; called before the coordinator is looked for.
 */
export const createCoordinator = (
  client: KafkaClient,
  nodes: Nodes,
  group: string,
  learn: () => Promise<unknown>,
): Coordinator => {
  const groupId = client.name(group)
  let coordinator: number | undefined

  const ask = async (): Promise<number> => {
    await learn()
    const answer = (await nodes.sendAny('GroupCoordinator', { groupId, coordinatorType: 0 })) as Coded & {
      readonly coordinator: { readonly nodeId: number }
    }
    const refusal = refusalOf(answer)
    if (refusal !== undefined) throw new Refused('name its coordinator', refusal)
    return answer.coordinator.nodeId
  }

  const send = async (api: Api, parameters: object): Promise<unknown> => {
    coordinator ??= await ask()
    try {
      return await nodes.send(coordinator, api, { groupId, ...parameters })
    } catch (thrown) {
      coordinator = undefined
      throw thrown
    }
  }

  const heed = (answer: Coded): Refusal => {
    const refusal = refusalOf(answer)
    if (MOVED.has(refusal)) coordinator = undefined
    return refusal
  }

  return {
    find: async () => {
      coordinator ??= await ask()
    },
    send,
    heed,
    committed: async (places) => {
      const topics = grouped(client, places, ({ partition }) => ({ partition }))
      const answer = (await send('OffsetFetch', { topics })) as OffsetsAnswer
      const refused = heed({ errorCode: answer.errorCode ?? 0 })
      if (refused !== undefined) throw new Refused('tell its offsets', refused)
      return answer.responses.flatMap(({ topic, partitions }) =>
        partitions.map((one): Committed => {
          const refusal = heed(one)
          const known = refusal === undefined && Number(one.offset) >= 0
          return {
            topic: client.plain(topic),
            partition: one.partition,
            offset: known ? Number(one.offset) : undefined,
            refusal,
          }
        }),
      )
    },
  }
}

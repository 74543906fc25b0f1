import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { type Api, errorName } from '../wire/internals.ts'
import type { Nodes } from '../wire/nodes.ts'
import {
  type Introduced,
  type Introduction,
  PROTOCOL,
  decodeIntroduction,
  decodeShare,
} from './group-protocol.ts'
import { encodeIntroduction, encodeShare } from './group-protocol.ts'
import type { Share } from './share.ts'

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

/** Somebody in a generation of the group. */
export type Membered = { readonly memberId: string; readonly generation: number }

/** What came of joining. */
export type Joined = Membered & {
  readonly refusal: Refusal
  /** Everybody, where this member is to share out; undefined elsewhere. */
  readonly members: readonly Introduced[] | undefined
}

/** How far a group is on a partition; undefined: it has never committed. */
export type Committed = TopicPartition & { readonly offset: number | undefined }

/** A commit: the group's next record of a partition. */
export type Commit = TopicPartition & { readonly offset: number }

/** What a member says to the coordinator of its group. Each rejects when no answer came. */
export type GroupRequests = {
  /** `introduce` is called when the request goes out. Answers when everybody has joined. */
  join(memberId: string, introduce: () => Introduction): Promise<Joined>
  /** The leader hands in the shares, everybody gets theirs. */
  sync(
    member: Membered,
    shares: ReadonlyMap<string, Share>,
  ): Promise<{ readonly refusal: Refusal; readonly share: Share }>
  heartbeat(member: Membered): Promise<Refusal>
  leave(memberId: string): Promise<void>
  /** Answers what was refused, by partition. */
  commit(
    member: Membered,
    commits: readonly Commit[],
  ): Promise<(TopicPartition & { readonly refusal: string })[]>
  /** @throws Refused where the coordinator refuses any. */
  committed(places: readonly TopicPartition[]): Promise<Committed[]>
}

type Coded = { readonly errorCode: number }

type ByTopic<P> = { readonly topic: string; readonly partitions: readonly P[] }

type JoinAnswer = Coded & {
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
}

type OffsetAnswer = Coded & { readonly partition: number; readonly offset: string }

const refusalOf = ({ errorCode }: Coded): Refusal => (errorCode === 0 ? undefined : errorName(errorCode))

/** The group has another coordinator by now, or none yet. */
const MOVED = new Set<Refusal>([
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])

const grouped = <T extends TopicPartition, P>(
  client: KafkaClient,
  places: readonly T[],
  toPartition: (place: T) => P,
): ByTopic<P>[] =>
  [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic: client.name(topic),
    partitions: ofTopic.map(toPartition),
  }))

/** A group as one member sees it; the times are those that the coordinator watches. */
export type GroupView = {
  readonly group: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
}

/** Prepares requests of a group; asks for its coordinator when first needed and after any failure. */
export const createGroupRequests = (
  client: KafkaClient,
  nodes: Nodes,
  { group, topics, sessionTimeoutMs: sessionTimeout, rebalanceTimeoutMs: rebalanceTimeout }: GroupView,
): GroupRequests => {
  const groupId = client.name(group)
  // Until everybody has joined, and until the leader has shared out.
  const heldBackMs = rebalanceTimeout
  let coordinator: number | undefined

  const findCoordinator = async (): Promise<number> => {
    // Makes the nodes' addresses known.
    await nodes.metadata(topics.map(client.name))
    const answer = (await nodes.sendAny('GroupCoordinator', { groupId, coordinatorType: 0 })) as Coded & {
      readonly coordinator: { readonly nodeId: number }
    }
    const refusal = refusalOf(answer)
    if (refusal !== undefined) throw new Refused('name its coordinator', refusal)
    return answer.coordinator.nodeId
  }

  const send = async (api: Api, parameters: object): Promise<unknown> => {
    coordinator ??= await findCoordinator()
    try {
      return await nodes.send(coordinator, api, { groupId, ...parameters })
    } catch (thrown) {
      coordinator = undefined
      throw thrown
    }
  }

  const heed = (refusal: Refusal): Refusal => {
    if (MOVED.has(refusal)) coordinator = undefined
    return refusal
  }

  return {
    join: async (memberId, introduce) => {
      coordinator ??= await findCoordinator()
      const groupProtocols = [{ name: PROTOCOL, metadata: encodeIntroduction(introduce(), client) }]
      const request = {
        sessionTimeout,
        rebalanceTimeout,
        heldBackMs,
        memberId,
        protocolType: 'consumer',
        groupProtocols,
      }
      const answer = (await send('JoinGroup', request)) as JoinAnswer
      const leads = answer.errorCode === 0 && answer.leaderId === answer.memberId
      return {
        refusal: heed(refusalOf(answer)),
        memberId: answer.memberId,
        generation: answer.generationId,
        members: leads
          ? answer.members.map((one) => decodeIntroduction(one.memberId, one.memberMetadata, client))
          : undefined,
      }
    },
    sync: async ({ memberId, generation: generationId }, shares) => {
      const groupAssignment = [...shares].map(([id, given]) => ({
        memberId: id,
        memberAssignment: encodeShare(given, client),
      }))
      const answer = (await send('SyncGroup', {
        generationId,
        memberId,
        groupAssignment,
        heldBackMs,
      })) as Coded & {
        readonly memberAssignment: Buffer | null
      }
      return {
        refusal: heed(refusalOf(answer)),
        share: decodeShare(answer.memberAssignment ?? Buffer.alloc(0), client),
      }
    },
    heartbeat: async ({ memberId, generation: groupGenerationId }) =>
      heed(refusalOf((await send('Heartbeat', { memberId, groupGenerationId })) as Coded)),
    leave: async (memberId) => {
      await send('LeaveGroup', { memberId })
    },
    commit: async ({ memberId, generation: groupGenerationId }, commits) => {
      const request = {
        memberId,
        groupGenerationId,
        topics: grouped(client, commits, ({ partition, offset }) => ({ partition, offset: `${offset}` })),
      }
      const { responses } = (await send('OffsetCommit', request)) as {
        readonly responses: readonly ByTopic<Coded & { readonly partition: number }>[]
      }
      return responses.flatMap(({ topic, partitions }) =>
        partitions.flatMap((answer) => {
          const refusal = heed(refusalOf(answer))
          if (refusal === undefined) return []
          return [{ topic: client.plain(topic), partition: answer.partition, refusal }]
        }),
      )
    },
    committed: async (places) => {
      const asked = grouped(client, places, ({ partition }) => ({ partition }))
      const answer = (await send('OffsetFetch', { topics: asked })) as Coded & {
        readonly responses: readonly ByTopic<OffsetAnswer>[]
      }
      const all = answer.responses.flatMap(({ topic, partitions }) =>
        partitions.map((one) => ({ ...one, topic: client.plain(topic) })),
      )
      for (const one of [answer, ...all]) {
        const refusal = heed(refusalOf(one))
        if (refusal !== undefined) throw new Refused('tell its offsets', refusal)
      }
      return all.map(({ topic, partition, offset }) => ({
        topic,
        partition,
        offset: Number(offset) < 0 ? undefined : Number(offset),
      }))
    },
  }
}

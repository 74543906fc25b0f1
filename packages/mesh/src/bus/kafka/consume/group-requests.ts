import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import type { Nodes } from '../wire/nodes.ts'
import {
  type ByTopic,
  type Coded,
  type Coordinator,
  type Refusal,
  Refused,
  createCoordinator,
  grouped,
} from './coordinator.ts'
import {
  type Introduced,
  type Introduction,
  PROTOCOL,
  decodeIntroduction,
  decodeShare,
} from './group-protocol.ts'
import { encodeIntroduction, encodeShare } from './group-protocol.ts'
import type { Share } from './share.ts'

/** Somebody in a generation of the group. */
export type Membered = { readonly memberId: string; readonly generation: number }

/** What came of joining. */
export type Joined = Membered & {
  readonly refusal: Refusal
  /** Everybody, where this member is to share out; undefined elsewhere. */
  readonly members: readonly Introduced[] | undefined
}

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
  /** @throws Refused where the member may still be in the group. */
  leave(memberId: string): Promise<void>
  /** Answers what was refused, by partition. */
  commit(
    member: Membered,
    commits: readonly Commit[],
  ): Promise<(TopicPartition & { readonly refusal: string })[]>
  readonly committed: Coordinator['committed']
}

type JoinAnswer = Coded & {
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
}

/** Answers to leaving with which a member is out. */
const GONE = new Set<Refusal>([undefined, 'UNKNOWN_MEMBER_ID'])

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
  // Until everybody has joined, and until the leader has shared out.
  const heldBackMs = rebalanceTimeout
  // The brokers' answer about the topics makes the nodes' addresses known.
  const coordinator = createCoordinator(client, nodes, group, () => nodes.metadata(topics.map(client.name)))
  const { send, heed } = coordinator

  return {
    join: async (memberId, introduce) => {
      await coordinator.find()
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
        refusal: heed(answer),
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
        refusal: heed(answer),
        share: decodeShare(answer.memberAssignment ?? Buffer.alloc(0), client),
      }
    },
    heartbeat: async ({ memberId, generation: groupGenerationId }) =>
      heed((await send('Heartbeat', { memberId, groupGenerationId })) as Coded),
    leave: async (memberId) => {
      const answer = (await send('LeaveGroup', { memberId })) as Coded & {
        readonly members?: readonly Coded[]
      }
      const refusals = [answer, ...(answer.members ?? [])].map((one) => heed(one))
      const refusal = refusals.find((one) => !GONE.has(one))
      if (refusal !== undefined) throw new Refused('let this member go', refusal)
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
          const refusal = heed(answer)
          if (refusal === undefined) return []
          return [{ topic: client.plain(topic), partition: answer.partition, refusal }]
        }),
      )
    },
    committed: coordinator.committed,
  }
}

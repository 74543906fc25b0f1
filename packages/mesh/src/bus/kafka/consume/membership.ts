import type { Logger } from 'pino'
import type { TopicPartition } from '../../bus.ts'
import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import { kafkaWords } from '../failure.ts'
import { atMost } from './at-most.ts'
import { type Refusal, Refused } from './coordinator.ts'
import type { Introduced } from './group-protocol.ts'
import type { Commit, GroupRequests, Membered } from './group-requests.ts'
import { startHeartbeats } from './heartbeats.ts'
import { startRounds } from './rounds.ts'
import { type Share, share } from './share.ts'
import { createTrust } from './trust.ts'

/** What a membership works with. */
export type MembershipParts = {
  readonly group: string
  readonly topics: readonly string[]
  /** Requests that the coordinator answers at once. */
  readonly requests: GroupRequests
  /** Joining has connections of its own: heartbeats and commits must not wait behind it. */
  readonly joining: GroupRequests & { reset(): void }
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** What this member holds, also what it is giving back. */
  readonly owned: () => readonly TopicPartition[]
  /** Exactly these are this member's from now on; called with what it was told last. */
  readonly onShare: (places: readonly TopicPartition[]) => void
  /** Everything may be somebody else's by now. Called at once, before anything further is done. */
  readonly onLost: (why: string) => void
  /** Partitions of a topic as last heard; 0: never heard of it. */
  readonly count: (topic: string) => number
  /** Asks the brokers again about the topics. */
  readonly refresh: () => Promise<void>
  readonly log: Logger
  /** Milliseconds, only going forward, also while the process is stopped. */
  readonly now: () => number
}

/** A member of a consumer group, in it for as long as it takes. */
export type Membership = {
  /** Whether nobody else can own what this member holds. Gives it up on the spot when that is in doubt. */
  alive(): boolean
  /** Asks for another round of sharing: something was let go, or there is more to share. */
  rejoin(): void
  /** From now on takes nothing new. */
  retire(): void
  /** Commits in the member's own generation. @throws Error when the group took none of it. */
  commit(commits: readonly Commit[]): Promise<ReadonlySet<Commit>>
  /** Resolves with the first share. */
  readonly joined: Promise<void>
  /** Leaves, so that others take over at once, and ends. Never rejects. */
  leave(): Promise<void>
}

/** Generation of who is in no group. */
const NONE = -1

/** Heartbeats tell of rebalances, so a long pause between them is a long pause for whoever waits for partitions. */
const BEAT_MS = 1_000
const BEAT_UNSETTLED_MS = 150

/** How long leaving waits for a name that is on its way. */
const NAME_MS = 500

/** Who does not get to leave holds up the others for a whole session. */
const LEAVE_TRIES = 3

/** Pauses between them: the group's next coordinator needs a moment, and whoever closes does not wait for long. */
const BETWEEN_LEAVES = { initialMs: 250, factor: 2, maxMs: 500, jitter: 0.2 }

/** Refusals of commits that belong to changes of members and of coordinators. */
const PASSING = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
])

/**
 * Joins a group and stays in it. Sharing is cooperative: a member goes on with what it holds while the others are told,
 * and what has to move is first let go by its owner, drained and committed, and given to the next one in a further
 * round. So no two members ever own a partition, and what does not move is not held up (promises 3 and 7). kafkajs' own
 * consumer takes everything from everybody at once, and waits for nobody.
 */
export const createMembership = (parts: MembershipParts): Membership => {
  const { requests, joining, sessionTimeoutMs, log, now } = parts
  const beatMs = Math.min(BEAT_MS, sessionTimeoutMs / 3)
  const trust = createTrust(parts)
  let me: Membered = { memberId: '', generation: NONE }
  let unsettled = false
  let awaited: readonly TopicPartition[] = []
  let retired = false
  let ended = false
  let refusedCommits = false
  const first = Promise.withResolvers<void>()

  const isMember = () => me.generation !== NONE

  const lose = (why: string) => {
    if (!isMember()) return
    me = { ...me, generation: NONE }
    trust.roundEnds()
    unsettled = false
    awaited = []
    parts.onLost(why)
    rounds.want()
  }

  const alive = (): boolean => {
    if (!isMember()) return false
    if (trust.leftMs() > 0) return true
    lose(`no word from the group for ${trust.silentMs()} ms`)
    // A join that still waits for its answer may have waited through all of that.
    if (rounds.running() !== undefined) joining.reset()
    return false
  }

  const forgotten = () => {
    lose('the group does not know this member any more')
    me = { memberId: '', generation: NONE }
  }

  /** What a refusal means for a member that asked as `asked`. */
  const heed = (refusal: Refusal, asked: Membered) => {
    if (asked.memberId !== me.memberId) return
    if (refusal === 'UNKNOWN_MEMBER_ID') return forgotten()
    // While a round is not over the group may be in its next generation already; joining tells.
    if (asked.generation !== me.generation || rounds.pending()) return
    if (refusal === 'REBALANCE_IN_PROGRESS') rounds.want()
    if (refusal === 'ILLEGAL_GENERATION') lose('the group has gone on without this member')
  }

  const beat = async () => {
    const [asked, at] = [me, now()]
    const refusal = await requests.heartbeat(asked)
    // What begins now counts from the answer before this one: the group may have begun it right after that.
    const isCurrent = asked.memberId === me.memberId && asked.generation === me.generation && isMember()
    if (refusal === 'REBALANCE_IN_PROGRESS' && isCurrent) trust.roundBegins()
    if (refusal === undefined || refusal === 'REBALANCE_IN_PROGRESS') trust.heard(at)
    heed(refusal, asked)
  }

  const shareOut = async (members: readonly Introduced[]): Promise<ReadonlyMap<string, Share>> => {
    await parts.refresh()
    const count = (topic: string) =>
      Math.max(parts.count(topic), ...members.map(({ counts }) => counts.get(topic) ?? 0))
    return share(members, count)
  }

  const introduce = () => ({
    topics: parts.topics,
    owned: parts.owned(),
    awaited,
    counts: new Map(parts.topics.map((topic) => [topic, parts.count(topic)])),
    generation: me.generation,
    leaving: retired,
  })

  const join = async (): Promise<Awaited<ReturnType<GroupRequests['join']>>> => {
    for (;;) {
      const joined = await joining.join(me.memberId, introduce)
      // The coordinator wants to see the id that it has just given once more.
      if (joined.refusal === 'MEMBER_ID_REQUIRED') me = { ...me, memberId: joined.memberId }
      else return joined
    }
  }

  /** One round of sharing, from the introduction to the share. */
  const take = async () => {
    if (isMember()) trust.roundBegins()
    const joined = await join()
    if (joined.refusal === 'UNKNOWN_MEMBER_ID') forgotten()
    if (joined.refusal !== undefined) throw new Refused('let this member in', joined.refusal)
    const { memberId, generation } = joined
    me = { ...me, memberId }
    const shares = joined.members === undefined ? new Map<string, Share>() : await shareOut(joined.members)
    if (ended) return
    const at = now()
    const { refusal, share: given } = await joining.sync({ memberId, generation }, shares)
    if (refusal === 'UNKNOWN_MEMBER_ID') forgotten()
    if (refusal !== undefined) throw new Refused('share', refusal)
    trust.heard(at)
    trust.roundEnds()
    // The process may have been stopped in the middle of it.
    if (trust.leftMs() <= 0) throw new Error('The share came too late.')
    if (ended) return
    me = { memberId, generation }
    ;({ unsettled, awaited } = given)
    log.debug(
      { memberId, generation, leads: joined.members !== undefined, unsettled, places: given.places.length },
      'joined a generation of the consumer group',
    )
    parts.onShare(given.places)
    first.resolve()
    if (unsettled) beats.wake()
  }

  let watching: NodeJS.Timeout | undefined
  /** Looks at the very moment when the trust ends, unless somebody has looked before. */
  const watch = () => {
    const leftMs = alive() ? trust.leftMs() : beatMs
    watching = setTimeout(watch, Math.max(1, Math.min(leftMs, beatMs)))
  }

  const rounds = startRounds(take, log)
  const beats = startHeartbeats({
    beat,
    alive,
    intervalMs: () => (unsettled ? Math.min(BEAT_UNSETTLED_MS, beatMs) : beatMs),
    log,
  })
  watch()

  /** A commit that is refused for good makes no lag that anybody would look into. */
  const tellOf = (refused: readonly (TopicPartition & { readonly refusal: string })[]) => {
    const lasting = refused.find(({ refusal }) => !PASSING.has(refusal))
    if (lasting !== undefined && !refusedCommits)
      log.warn(lasting, 'the group refuses commits; what is finished comes again after a restart')
    if (lasting !== undefined || refused.length === 0) refusedCommits = lasting !== undefined
  }

  return {
    alive,
    rejoin: rounds.want,
    retire: () => {
      retired = true
    },
    commit: async (commits) => {
      if (!alive()) throw new Error('This member is in no group at the moment.')
      const asked = me
      const refused = await requests.commit(asked, commits)
      for (const { refusal } of refused) heed(refusal, asked)
      tellOf(refused)
      const taken = commits.filter(
        ({ topic, partition }) =>
          !refused.some((other) => other.topic === topic && other.partition === partition),
      )
      if (taken.length === 0 && refused[0] !== undefined)
        throw new Refused('take a commit', refused[0].refusal)
      return new Set(taken)
    },
    joined: first.promise,
    leave: async () => {
      ended = true
      clearTimeout(watching)
      beats.stop()
      rounds.stop()
      me = { ...me, generation: NONE }
      // Who has asked to join and does not know its name yet would stay behind as a ghost.
      const joined = rounds.running()
      if (me.memberId === '' && joined !== undefined) await atMost(NAME_MS, joined)
      const { memberId } = me
      if (memberId === '') return
      for (let tries = 1; tries <= LEAVE_TRIES; tries++) {
        try {
          return await requests.leave(memberId)
        } catch (thrown) {
          log.debug({ memberId, err: kafkaWords(thrown) }, 'could not leave the consumer group')
          if (tries < LEAVE_TRIES) await pause(backoffMs(BETWEEN_LEAVES, tries, Math.random()))
        }
      }
    },
  }
}

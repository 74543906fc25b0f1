import { pino } from 'pino'
import type { TopicPartition } from '../../bus.ts'
import type { Refusal } from './coordinator.ts'
import type { GroupRequests, Joined } from './group-requests.ts'
import { createMembership } from './membership.ts'
import type { Share } from './share.ts'

/** The only topic of the group. */
export const TOPIC = 'parcel.ordered.v1'

/** A partition of it. */
export const place = (partition: number): TopicPartition => ({ topic: TOPIC, partition })

/** Short enough for tests; time itself is the test's. */
const SESSION_MS = 300
/** How much silence is trusted. */
export const TRUSTED_MS = SESSION_MS * 0.9

/** How the member has introduced itself. */
type Said = {
  readonly memberId: string
  readonly owned: readonly TopicPartition[]
  readonly leaving: boolean
}

/** The answer to a join that went well, but for `over`. */
export const joined = (over: Partial<Joined> = {}): Joined => ({
  refusal: undefined,
  memberId: 'm1',
  generation: 1,
  members: undefined,
  ...over,
})

type Script = {
  join: (memberId: string) => Promise<Joined>
  share: Share
  sync: () => Promise<Refusal>
  heartbeat: () => Promise<Refusal>
  commit: Refusal
  leave: () => Promise<void>
}

/** A coordinator that says what the test wants it to. */
export const openGroup = (changes: Partial<Script> = {}) => {
  let clock = 1_000
  const said: Said[] = []
  const beats: { memberId: string; generation: number }[] = []
  const left: string[] = []
  const shares: ReadonlyMap<string, Share>[] = []
  const lost: string[] = []
  const warnings: string[] = []
  let owned: readonly TopicPartition[] = []
  let resets = 0
  const script: Script = {
    join: async () => joined({ generation: said.length }),
    share: { places: [place(0), place(1)], awaited: [], unsettled: false },
    sync: async () => undefined,
    heartbeat: async () => undefined,
    commit: undefined,
    leave: async () => {},
    ...changes,
  }
  const requests: GroupRequests = {
    join: (memberId, introduce) => {
      const { owned: claims, leaving } = introduce()
      said.push({ memberId, owned: claims, leaving })
      return script.join(memberId)
    },
    sync: async (_member, given) => {
      shares.push(given)
      const refusal = await script.sync()
      return { refusal, share: script.share }
    },
    heartbeat: (member) => {
      beats.push(member)
      return script.heartbeat()
    },
    leave: (memberId) => {
      left.push(memberId)
      return script.leave()
    },
    commit: async (_member, commits) => {
      const { commit: refusal } = script
      return refusal === undefined ? [] : commits.map((one) => ({ ...one, refusal }))
    },
    committed: async () => [],
  }
  const membership = createMembership({
    group: 'parcels',
    topics: [TOPIC],
    requests,
    joining: { ...requests, reset: () => resets++ },
    sessionTimeoutMs: SESSION_MS,
    rebalanceTimeoutMs: SESSION_MS * 2,
    owned: () => owned,
    onShare: (places) => (owned = places),
    onLost: (why) => {
      owned = []
      lost.push(why)
    },
    count: (topic) => (topic === TOPIC ? 2 : 0),
    refresh: async () => {},
    log: pino({ level: 'warn' }, { write: (line) => void warnings.push(line) }),
    now: () => clock,
  })
  return {
    membership,
    script,
    said,
    beats,
    left,
    shares,
    lost,
    warnings,
    owned: () => owned,
    resets: () => resets,
    pass: (ms: number) => (clock += ms),
  }
}

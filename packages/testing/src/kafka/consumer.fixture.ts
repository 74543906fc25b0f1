import { type BusRecord, type KafkaBus, type SubscribeOptions, openKafkaBus } from '@commerce-mesh/mesh'
import { eventually } from '../conformance/eventually.ts'
import { labelled, labelsOf, testLog, type settingsFor } from './bus.fixture.ts'

type Settings = ReturnType<typeof settingsFor>

/** How long a test waits for what a group does, in milliseconds. */
const PATIENCE_MS = 30_000

/** One record in a handler. */
export type Handling = {
  readonly label: string
  readonly record: BusRecord
  readonly signal: AbortSignal
  /** `late`: it ended after its signal had aborted. */
  state: 'running' | 'finished' | 'late'
}

/** Opens a bus whose members have `rebalanceGraceMs` for what they give back. */
export const openMember = (settings: Settings, rebalanceGraceMs = 1_000): Promise<KafkaBus> =>
  openKafkaBus({ settings, retentionDays: 1, log: testLog(), rebalanceGraceMs })

/** Subscribes with a handler that notes what happens to each record. */
export const follow = async (
  bus: KafkaBus,
  options: Pick<SubscribeOptions, 'group' | 'topics'> & {
    readonly handle?: (handling: Handling) => Promise<void>
  },
) => {
  const { group, topics, handle = async () => {} } = options
  const handlings: Handling[] = []
  const subscription = await bus.subscribe({
    group,
    topics,
    concurrency: 64,
    handle: async (record, signal) => {
      const [label = ''] = labelsOf([record])
      const handling: Handling = { label, record, signal, state: 'running' }
      handlings.push(handling)
      await handle(handling)
      handling.state = signal.aborted ? 'late' : 'finished'
    },
  })
  const finished = () => handlings.filter(({ state }) => state === 'finished').map(({ label }) => label)
  return {
    subscription,
    handlings,
    finished,
    /** Waits until the member owns so many partitions. */
    owning: (count: number) => until(`${count} partitions`, () => subscription.assigned().length === count),
    /** Waits until all of these are finished. */
    handled: (labels: readonly string[]) =>
      until(
        () =>
          `all; missing: ${labels
            .filter((label) => !finished().includes(label))
            .slice(0, 5)
            .join(' ')}`,
        () => labels.every((label) => finished().includes(label)),
      ),
  }
}

/** A member of a group and what it has handled. */
export type Follower = Awaited<ReturnType<typeof follow>>

/** Waits for a condition. @throws Error when it does not come true in 30 s. */
export const until = (what: string | (() => string), condition: () => unknown): Promise<unknown> =>
  eventually(condition, { what, timeoutMs: PATIENCE_MS })

/** Publishes a record for each key, labelled `<name>-<key>`; answers the labels. */
export const publishAll = async (bus: KafkaBus, topic: string, name: string, keys: number) => {
  const labels = Array.from({ length: keys }, (_, key) => `${name}-${key}`)
  await bus.publish(labels.map((label, key) => labelled(topic, label, `key-${key}`)))
  return labels
}

/** Records that the group has not committed yet. */
export const behind = async (bus: KafkaBus, group: string, topics: readonly string[]): Promise<number> =>
  (await bus.lag(group, topics)).reduce((sum, { committed, end }) => sum + end - committed, 0)

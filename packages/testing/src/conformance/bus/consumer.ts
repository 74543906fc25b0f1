import type { Bus, BusRecord, Subscription } from '@commerce-mesh/mesh'
import { turns } from '../eventually.ts'
import { labelOf, type BusBench } from './bench.ts'
import type { Handling } from './handling.ts'
import type { OrderWatch } from './order-watch.ts'

/** A subscription that remembers what it handled. */
export type Consumer = {
  readonly subscription: Subscription
  /** In the order in which they started. */
  readonly handlings: readonly Handling[]
  /** Labels of what started, in that order. */
  started(): string[]
  /** Labels of what finished. */
  finished(): string[]
  hasFinished(label: string): boolean
  running(): number
  /** Most handlers that ran at once. */
  peak(): number
}

/** What a check wants to consume. */
export type ConsumeOptions = {
  readonly topics: readonly string[]
  readonly group: string
  /** 8 when absent. */
  readonly concurrency?: number
  /** The bench's bus when absent. */
  readonly bus?: Bus
  /** Shared by the members of a group, to see their handlings in one line of time. */
  readonly watch?: OrderWatch
  /** Gives way to the event loop once when absent, so that handlers can overlap. */
  readonly handle?: (handling: Handling) => Promise<void>
}

/** Subscribes with a handler that notes what happens to each record. */
export const consume = async (bench: BusBench, options: ConsumeOptions): Promise<Consumer> => {
  const { topics, group, bus, watch, concurrency = 8, handle = () => turns(1) } = options
  const handlings: Handling[] = []
  const finished = new Set<string>()
  let running = 0
  let peak = 0

  const begin = (record: BusRecord, signal: AbortSignal): Handling => {
    const handling: Handling = { label: labelOf(record), record, signal, state: 'running' }
    handlings.push(handling)
    watch?.start(handling)
    running += 1
    peak = Math.max(peak, running)
    return handling
  }
  const end = (handling: Handling, state: Handling['state']): void => {
    running -= 1
    handling.state = handling.signal.aborted ? 'late' : state
    if (handling.state === 'finished') finished.add(handling.label)
    watch?.end(handling)
  }

  const subscription = await bench.subscribe(
    {
      group,
      topics,
      concurrency,
      handle: (record, signal) => {
        const handling = begin(record, signal)
        return run(handling, handle, end)
      },
    },
    bus,
  )
  return {
    subscription,
    handlings,
    started: () => handlings.map(({ label }) => label),
    finished: () => handlings.filter(({ state }) => state === 'finished').map(({ label }) => label),
    hasFinished: (label) => finished.has(label),
    running: () => running,
    peak: () => peak,
  }
}

const run = async (
  handling: Handling,
  handle: (handling: Handling) => Promise<void>,
  end: (handling: Handling, state: Handling['state']) => void,
): Promise<void> => {
  try {
    await handle(handling)
  } catch (thrown) {
    end(handling, 'failed')
    throw thrown
  }
  end(handling, 'finished')
}

/** Waits until every label has finished at least once. */
export const finishedAll = async (
  bench: BusBench,
  consumers: readonly Consumer[],
  labels: readonly string[],
  stretch = 1,
): Promise<void> => {
  const done = (label: string) => consumers.some((consumer) => consumer.hasFinished(label))
  let next = 0
  await bench.until(
    () =>
      `the end of ${labels.length} records; not finished: ${labels
        .filter((label) => !done(label))
        .slice(0, 10)
        .join(' ')}`,
    () => {
      for (let label = labels[next]; label !== undefined && done(label); label = labels[next]) next += 1
      return next === labels.length
    },
    stretch,
  )
}

/**
 * Has another group handle everything, so that the group under test had the time to do what it must not do:
 * the evidence for "nothing more happens" without waiting for a fixed time.
 */
export const witness = async (bench: BusBench, topic: string, labels: readonly string[]): Promise<void> => {
  const other = await consume(bench, { topics: [topic], group: bench.group(), concurrency: 64 })
  await finishedAll(bench, [other], labels, 4)
  await other.subscription.close(0)
}

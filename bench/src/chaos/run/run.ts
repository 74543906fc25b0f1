import { eventually } from '@commerce-mesh/testing'
import type { Sent } from '../../crash/shoppers.ts'
import { type Violations, check } from '../check/check.ts'
import { type World, type WorldPlan, createWorld } from '../cluster/world.ts'
import { openObserver } from '../history/observer.ts'
import type { ChainSent } from '../load/links.ts'
import { type Load, type Rates, startLoad } from './load.ts'

/** How much a run does: the long form for the record, the short one within the tests. */
export type Size = Rates & {
  /** SIGKILLs of services. */
  readonly kills: number
  /** Times that an engine is taken down in each of its scenarios. */
  readonly outages: number
  /** Milliseconds that a stopped process sleeps; longer than the session timeout. */
  readonly sleepMs: number
  /** Milliseconds of undisturbed load before and between breaks. */
  readonly calmMs: number
}

/** What a run came to. */
export type Conclusion = {
  readonly accepted: number
  readonly unsure: number
  /** Links that were answered 2xx. */
  readonly links: number
  readonly violations: Violations
}

/** A world under observation, from its start to the verdict. */
export type Run = {
  readonly world: World
  readonly size: Size
  /**
   * Does something while orders and links come in; ends once some were taken after it.
   * @param cold - begins at once, and not only when some were taken: somebody may be about to die.
   */
  underLoad<T>(work: (load: Load) => Promise<T>, cold?: 'cold'): Promise<T>
  /** Records that can't be read and were put on topics, counted once for each service that reads them. */
  expectUnreadable(count: number): void
  /** Something must not be, in words: it counts as a violation. */
  charge(what: string): void
  /**
   * Waits until all is settled and compares.
   * @param stillMs - when nothing has moved for so long, it will not move any more. Default: 40,000, longer than any back-off.
   */
  conclude(stillMs?: number): Promise<Conclusion>
  close(): Promise<void>
}

const STILL_MS = 40_000
const TAKEN_MS = 90_000

/** Starts a world and gets ready to break it. */
export const openRun = async (plan: WorldPlan, size: Size): Promise<Run> => {
  const world = await createWorld(plan)
  const orders: Sent = { accepted: [], unsure: [] }
  const links: ChainSent[] = []
  const charges: string[] = []
  let loads = 0
  let unreadable = 0

  const taken = (load: Load, what: string) => {
    const before = load.accepted()
    const isTaken = () => load.accepted() >= before + 4
    return eventually(isTaken, { what, timeoutMs: TAKEN_MS, everyMs: 50 })
  }

  return {
    world,
    size,
    underLoad: async (work, cold) => {
      const load = startLoad(world, ++loads, size)
      try {
        if (cold === undefined) await taken(load, 'orders and links are taken')
        const result = await work(load)
        await taken(load, 'orders and links are taken again')
        return result
      } finally {
        await load.stop()
        orders.accepted.push(...load.shoppers.sent.accepted)
        orders.unsure.push(...load.shoppers.sent.unsure)
        links.push(...load.links.sent)
      }
    },
    expectUnreadable: (count) => {
      unreadable += count
    },
    charge: (what) => void charges.push(what),
    conclude: async (stillMs = STILL_MS) => {
      const observer = await openObserver(world)
      try {
        await observer.settle(stillMs)
        const died = world.deaths.map((name) => `${name} ended by itself`)
        const seen = { orders, links, unreadable, charges: [...charges, ...died] }
        const violations = check(await observer.history(seen))
        return {
          accepted: orders.accepted.length,
          unsure: orders.unsure.length,
          links: links.reduce((sum, { accepted }) => sum + accepted, 0),
          violations,
        }
      } finally {
        await observer.close()
      }
    },
    close: () => world.close(),
  }
}

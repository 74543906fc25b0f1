import type { Verdict } from '@commerce-mesh/contracts'

/** How many events got which verdict. */
export type Tally = Record<Verdict['verdict'], number>

/** Nothing counted yet. */
export const emptyTally = (): Tally => ({ ok: 0, contract: 0, poison: 0 })

/** All that were counted. */
export const totalOf = ({ ok, contract, poison }: Tally): number => ok + contract + poison

/** Both together. */
export const sumOf = (one: Tally, other: Tally): Tally => ({
  ok: one.ok + other.ok,
  contract: one.contract + other.contract,
  poison: one.poison + other.poison,
})

const shown = (count: number): string => count.toLocaleString('en-US')

/** `1,000 events: 998 ok, 1 contract, 1 poison; 52,000 a second`. */
export const summaryOf = (tally: Tally, elapsedMs: number): string => {
  const total = totalOf(tally)
  if (total === 0) return 'There was no event.'
  const counts = Object.entries(tally)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${shown(count)} ${verdict}`)
  const perSecond = Math.round((total / Math.max(elapsedMs, 1)) * 1_000)
  return `${shown(total)} ${total === 1 ? 'event' : 'events'}: ${counts.join(', ')}; ${shown(perSecond)} a second`
}

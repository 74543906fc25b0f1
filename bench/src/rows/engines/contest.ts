import type { Child } from '../../process/child.ts'
import { median } from '../../report/statistics.ts'
import type { Side } from './side.ts'
import { type Turn, type TurnPlan, drain } from './turn.ts'

/** A side of a contest, and how its turns are played. */
export type Contestant = {
  readonly side: Side
  readonly sampled?: number
  /** Orders that it handles at once, where that is not the plan's number. */
  readonly concurrency?: number
}

/** What every side did in one round, in the order of the contestants. */
export type Round = readonly Turn[]

/** How a contest is held. */
export type ContestPlan = TurnPlan & {
  readonly rounds: number
  /** Orders of the turn that is not counted, in which code is compiled and connections are opened. */
  readonly warmUp: number
}

/** Everybody in turn, beginning with another one each round, so that nobody always follows the same. */
export const contest = async (
  lms: Child,
  contestants: readonly Contestant[],
  { rounds, warmUp, ...plan }: ContestPlan,
): Promise<Round[]> => {
  const play = ({ side, ...own }: Contestant, orders: number) => drain(lms, side, { ...plan, ...own, orders })
  for (const contestant of contestants) await play(contestant, warmUp)
  const figures: Round[] = []
  for (let round = 0; round < rounds; round++) {
    const turns = new Map<Contestant, Turn>()
    for (let nth = 0; nth < contestants.length; nth++) {
      const contestant = contestants[(nth + round) % contestants.length] as Contestant
      turns.set(contestant, await play(contestant, plan.orders))
    }
    figures.push(contestants.map((contestant) => turns.get(contestant) as Turn))
  }
  return figures
}

/** Middle, least and most of what is picked from each round. */
export const spread = (
  rounds: readonly Round[],
  pick: (round: Round) => number,
): { middle: number; least: number; most: number } => {
  const values = rounds.map(pick)
  return { middle: median(values), least: Math.min(...values), most: Math.max(...values) }
}

/** One side's figure of a round. */
export const of =
  (nth: number, figure: 'perSecond' | 'cpuMs' | 'most') =>
  (round: Round): number =>
    round[nth]?.[figure] ?? Number.NaN

/** A side's figure over another's, round by round. */
export const over =
  (nth: number, reference: number, figure: 'perSecond' | 'cpuMs') =>
  (round: Round): number =>
    of(nth, figure)(round) / of(reference, figure)(round)

/** `0.86 (0.81 to 0.90)` */
export const told = ({ middle, least, most }: ReturnType<typeof spread>, digits = 2): string =>
  `${middle.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`

/** Stops everything, whatever comes of it. */
export const stopAll = async (stoppable: readonly { stop(): Promise<void> }[]): Promise<void> => {
  const ended = await Promise.allSettled(stoppable.map(({ stop }) => stop()))
  const failed = ended.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined
  if (failed !== undefined) throw failed.reason
}

import type { EngineCluster } from '../cluster/engines.ts'
import { countViolations } from '../check/check.ts'
import { SERVICES } from '../cluster/replica.ts'
import type { Mutation } from '../mutations/mutations.ts'
import type { Figures, Scenario } from '../scenarios/scenario.ts'
import { type Conclusion, type Run, type Size, openRun } from './run.ts'

/** Where and how much. */
export type Stage = {
  readonly engines: EngineCluster
  readonly folder: string
  readonly size: Size
}

/** What a scenario came to. */
export type Performance = Conclusion & { readonly figures: Figures }

/** Letters that may begin names of topics, groups, databases and order numbers. */
export const worldName = (name: string): string => name.replaceAll('-', '')

/** The sweeper looks every 2.5 s for what is older than 5 s. */
const STILL_MS = 15_000

const withRun = async <T>(run: Run, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } finally {
    await run.close()
  }
}

/** Breaks a world of its own in one way and judges what came of it. */
export const perform = async (scenario: Scenario, { engines, folder, size }: Stage): Promise<Performance> => {
  const { replicas = {}, slowMs = 0 } = scenario
  const run = await openRun({ engines, folder, name: worldName(scenario.name), replicas, slowMs }, size)
  return withRun(run, async () => {
    const figures = await scenario.run(run)
    return { figures, ...(await run.conclude()) }
  })
}

/**
 * Does what a mutation needs, with or without its defect.
 *
 * @param broken - false: the control. The same crash in a world in which nothing is broken.
 */
export const performMutation = async (
  mutation: Mutation,
  broken: boolean,
  { engines, folder, size }: Stage,
): Promise<Conclusion> => {
  const { service, firstLife = {}, replicas = {}, slowMs = 0 } = mutation
  const life = broken ? { defect: mutation.defect } : {}
  const name = `${worldName(mutation.name)}${broken ? 'broken' : 'whole'}`
  const lives = { [service]: { ...life, ...firstLife } }
  // What is broken in the service that counts chains shows there; orders would only take time.
  const services = service === 'chains' ? ([service] as const) : SERVICES
  const plan = { engines, folder, name, services, replicas, slowMs, lives }
  const run = await openRun(plan, { ...size, ...mutation.load })
  return withRun(run, async () => {
    await mutation.provoke(run, life)
    return run.conclude(STILL_MS)
  })
}

/** Whether a mutation was noticed in one of the ways in which it has to be. */
export const isNoticed = ({ finds }: Mutation, { violations }: Conclusion): boolean =>
  finds.some((kind) => countViolations(violations)[kind] > 0)

import { eventually } from '@commerce-mesh/testing'
import type { ServiceName } from '../cluster/replica.ts'
import type { Run } from '../run/run.ts'
import type { Scenario } from './scenario.ts'

/** Where a process is to die: between two steps that are each durable. `hit`: how often it passes before. */
type Boundary = { readonly service: ServiceName; readonly failpoint: string; readonly hit: number }

/** What an order passes on its way, in the process that passes it. Poison has a scenario of its own. */
const BOUNDARIES: readonly Boundary[] = [
  { service: 'gateway', failpoint: 'publish.before', hit: 5 },
  { service: 'gateway', failpoint: 'publish.after', hit: 5 },
  { service: 'payments', failpoint: 'handler.before', hit: 4 },
  { service: 'payments', failpoint: 'handler.after', hit: 4 },
  { service: 'payments', failpoint: 'aggregate.before-put', hit: 4 },
  { service: 'payments', failpoint: 'aggregate.after-put', hit: 4 },
  { service: 'payments', failpoint: 'outbox.published', hit: 4 },
  { service: 'payments', failpoint: 'outbox.cleared', hit: 4 },
  { service: 'payments', failpoint: 'offset.before-commit', hit: 4 },
  { service: 'fulfillment', failpoint: 'handler.after', hit: 4 },
  { service: 'fulfillment', failpoint: 'aggregate.after-put', hit: 4 },
  { service: 'fulfillment', failpoint: 'outbox.dead-letter-put', hit: 1 },
  { service: 'fulfillment', failpoint: 'outbox.published', hit: 4 },
  { service: 'fulfillment', failpoint: 'offset.before-commit', hit: 4 },
  { service: 'chains', failpoint: 'aggregate.after-put', hit: 4 },
  { service: 'chains', failpoint: 'outbox.published', hit: 4 },
]

const DIES_MS = 90_000

const dieAt = async ({ world }: Run, { service, failpoint, hit }: Boundary): Promise<void> => {
  const victim = world.replica(service)
  await victim.stop()
  victim.start({ failpoints: `${failpoint}:${hit}` })
  await eventually(() => !victim.alive(), {
    what: `${victim.name} dies at ${failpoint}`,
    timeoutMs: DIES_MS,
    everyMs: 50,
  })
  victim.start()
  await victim.untilReady()
}

/** Each durable boundary, as the crash suite has them for the embedded engines. */
export const boundaries: Scenario = {
  name: 'boundaries',
  about: 'SIGKILL at each durable boundary, in the process that passes it',
  run: async (run) => {
    const some = BOUNDARIES.slice(0, run.size.kills)
    await run.underLoad(async () => {
      for (const boundary of some) await dieAt(run, boundary)
    })
    return { boundaries: some.length }
  },
}

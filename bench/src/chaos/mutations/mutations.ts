import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import type { Violations } from '../check/check.ts'
import type { Life, ServiceName } from '../cluster/replica.ts'
import type { DefectName } from '../defects/defects.ts'
import type { Run, Size } from '../run/run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { zombie } from '../scenarios/zombie.ts'

/** A world with something broken on purpose, and the crash that needs what is broken. */
export type Mutation = Pick<Scenario, 'replicas' | 'slowMs'> & {
  readonly name: string
  readonly about: string
  readonly defect: DefectName
  /** Whose process is broken. */
  readonly service: 'gateway' | 'chains'
  /** How that process begins its first life, besides being broken. */
  readonly firstLife?: Life
  readonly load?: Partial<Size>
  /** @param life - how the broken service is started again. */
  readonly provoke: (run: Run, life: Life) => Promise<unknown>
  /** What must be found, of which at least one kind; with the part that is not broken nothing may be. */
  readonly finds: readonly (keyof Violations)[]
}

const DIES_MS = 60_000

/** Waits for a death by failpoint, and starts it again. */
const untilItDied = async ({ world }: Run, service: ServiceName, life: Life): Promise<void> => {
  const victim = world.replica(service)
  await eventually(() => !victim.alive(), {
    what: `${victim.name} kills itself`,
    timeoutMs: DIES_MS,
    everyMs: 50,
  })
  victim.start(life)
  await victim.untilReady()
}

/** Kills it in the moment in which it has answered a few times. */
const killedOnceAnswered = ({ world, underLoad }: Run, service: ServiceName, life: Life) =>
  underLoad(async (load) => {
    const before = load.accepted()
    await eventually(() => load.accepted() > before + 2, { what: 'answers', timeoutMs: DIES_MS, everyMs: 5 })
    const victim = world.replica(service)
    await victim.kill()
    victim.start(life)
    await victim.untilReady()
  })

/** Every defect, and the way in which it shows. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'no-inbox',
    defect: 'no-inbox',
    about: 'nobody looks into the inbox; the process dies before it commits offsets',
    service: 'chains',
    firstLife: { failpoints: 'offset.before-commit:20' },
    load: { twice: false },
    provoke: (run, life) => run.underLoad(() => untilItDied(run, 'chains', life), 'cold'),
    finds: ['doubled'],
  },
  {
    name: 'ack-before-write',
    about: 'the edge answers before the bus has the link, and is killed at once',
    defect: 'ack-before-write',
    service: 'chains',
    provoke: (run, life) => killedOnceAnswered(run, 'chains', life),
    finds: ['lost'],
  },
  {
    name: 'ack-before-write-gateway',
    about: 'the gateway answers before the bus has the order, and is killed at once',
    defect: 'ack-before-write',
    service: 'gateway',
    provoke: (run, life) => killedOnceAnswered(run, 'gateway', life),
    finds: ['lost'],
  },
  {
    name: 'no-sweeper',
    defect: 'no-sweeper',
    about:
      'nobody looks for outboxes; the process dies when it has committed what waited, and published nothing',
    service: 'chains',
    // A link that waits is put twice: once in line, once as counted. Its offset is committed long before the second.
    firstLife: { failpoints: 'aggregate.after-put:2' },
    load: { walkers: 1, linksPerChain: 1, linksPerSecond: 1, twice: false, waits: () => true },
    provoke: (run, life) => run.underLoad(() => untilItDied(run, 'chains', life), 'cold'),
    finds: ['silent', 'stuck'],
  },
  {
    name: 'no-lanes',
    defect: 'no-lanes',
    about: 'records of one key are handled side by side',
    service: 'chains',
    load: { linksPerSecond: 40, waits: () => false },
    provoke: ({ underLoad }) => underLoad(() => delay(3_000)),
    finds: ['disordered'],
  },
  {
    name: 'no-fence',
    defect: 'no-fence',
    about: 'a process that was asleep writes over what others did meanwhile',
    service: 'chains',
    ...(zombie.replicas && { replicas: zombie.replicas }),
    ...(zombie.slowMs !== undefined && { slowMs: zombie.slowMs }),
    provoke: zombie.run,
    finds: ['wrong'],
  },
]

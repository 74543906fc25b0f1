import { fileURLToPath } from 'node:url'
import { eventually } from '@commerce-mesh/testing'
import { freePort } from '../../crash/free-port.ts'
import type { DefectName } from '../defects/defects.ts'
import { type Started, startProcess } from '../process/processes.ts'
import type { ServiceSettings } from '../servers/service.ts'
import { SECRETS } from './settings.ts'

/** Services that run in a world. `chains` is the one that exists only to be broken. */
export const SERVICES = ['gateway', 'payments', 'fulfillment', 'chains'] as const

/** Name of a service of a world. */
export type ServiceName = (typeof SERVICES)[number]

/** How one process is started. */
export type Life = {
  /** What is broken in it on purpose. */
  readonly defect?: DefectName
  /** MESH_FAILPOINTS: where it is to kill itself. */
  readonly failpoints?: string
}

/** One process of a service, which keeps its port from life to life. */
export type Replica = {
  readonly service: ServiceName
  /** `fulfillment-2`. */
  readonly name: string
  readonly url: string
  readonly log: string
  pid(): number
  alive(): boolean
  /** Whether it is stopped by {@link Replica.freeze}. */
  frozen(): boolean
  /** Whether /readyz says that it may take traffic. */
  ready(): Promise<boolean>
  /** @throws Error when it is not ready in time, or ends before. */
  untilReady(): Promise<void>
  /** Starts it, or starts it again. */
  start(life?: Life): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code when it is gone. */
  stop(): Promise<number | null>
  /** SIGSTOP: it goes on when {@link Replica.wake} is called, and has noticed nothing. */
  freeze(): void
  wake(): void
  /** Resolves when it is gone, however it went. */
  ended(): Promise<void>
}

/** The command line of the mesh: `mesh`. */
export const cli = fileURLToPath(new URL('../../../../packages/cli/src/main.ts', import.meta.url))
const server = fileURLToPath(new URL('../servers/service.ts', import.meta.url))

const READY_MS = 90_000
const ANSWER_MS = 2_000

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).ok
  } catch {
    return false
  }
}

/** What a replica is made from. */
export type ReplicaPlan = {
  readonly service: ServiceName
  readonly number: number
  readonly folder: string
  readonly config: string
  readonly slowMs: number
  /** Told when the process ends although nobody killed or stopped it. */
  readonly onDeath: (name: string) => void
}

/** Makes a replica; it is not started yet. */
export const createReplica = async ({
  service,
  number,
  folder,
  config,
  slowMs,
  onDeath,
}: ReplicaPlan): Promise<Replica> => {
  const name = `${service}-${number}`
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const log = `${folder}/${name}.log`
  let process: Started | undefined
  let lives = 0
  let frozen = false

  const launch = ({ defect, failpoints = '' }: Life): Started => {
    lives++
    const options = { log, env: { ...SECRETS, MESH_FAILPOINTS: failpoints } }
    if (service !== 'chains' && defect === undefined)
      return startProcess(cli, ['run', service, '--config', config, '--port', String(port)], options)
    const settings: ServiceSettings = {
      service,
      config,
      port,
      by: `${name}#${lives}`,
      slowMs,
      ...(defect !== undefined && { defect }),
    }
    return startProcess(server, [JSON.stringify(settings)], options)
  }

  /** What ends from here on ends by our hand. */
  const condemned = new WeakSet<Started>()

  const watch = async (started: Started) => {
    await started.ended
    if (!condemned.has(started)) onDeath(name)
  }

  const running = (): Started => {
    if (process === undefined) throw new Error(`${name} was not started.`)
    return process
  }

  const ready = () => answers(`${url}/readyz`)

  return {
    service,
    name,
    url,
    log,
    pid: () => running().pid,
    alive: () => process?.alive() ?? false,
    frozen: () => frozen,
    ready,
    untilReady: async () => {
      const { alive } = running()
      await eventually(async () => !alive() || (await ready()), {
        what: `${name} is ready`,
        timeoutMs: READY_MS,
        everyMs: 100,
      })
      if (!alive()) throw new Error(`${name} ended before it was ready.`)
    },
    start: (life = {}) => {
      frozen = false
      process = launch(life)
      if (life.failpoints !== undefined) condemned.add(process)
      void watch(process)
    },
    kill: () => {
      condemned.add(running())
      return running().kill()
    },
    stop: () => {
      condemned.add(running())
      running().signal('SIGTERM')
      return running().ended
    },
    freeze: () => {
      frozen = true
      running().signal('SIGSTOP')
    },
    wake: () => {
      frozen = false
      running().signal('SIGCONT')
    },
    ended: async () => void (await running().ended),
  }
}

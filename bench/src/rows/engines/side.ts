import { eventually } from '@commerce-mesh/testing'
import { type Child, startChild } from '../../process/child.ts'
import { type Bench, PARTITIONS, busOf } from './kafka.ts'
import { type OrderLog, openOrderLog } from './order-log.ts'

/** One of the things that are compared: it takes placed orders off its own topic and makes two LMS calls for each. */
export type Side = {
  readonly name: string
  readonly log: OrderLog
  /** Begins to consume, where it does not do so all the time. */
  begin(): Promise<void>
  /** Waits until everything is committed; then it does nothing more until it begins again. */
  end(): Promise<void>
  /** CPU milliseconds of all its processes since their start, and their resident memory in MB. */
  usage(): Promise<{ cpuMs: number; rssMb: number }>
  stop(): Promise<void>
}

/** How a side of ours is made. */
export type MeshPlan = {
  readonly name: string
  readonly concurrency: number
  /** Processes; each with a data directory of its own. Default: 1. */
  readonly replicas?: number
  /** More settings of the process: see servers/mesh.ts. */
  readonly settings?: Readonly<Record<string, unknown>>
}

const usageOf = async (children: readonly Child[]) => {
  const usages = await Promise.all(children.map((child) => child.usage()))
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    rssMb: usages.reduce((sum, { rssMb }) => sum + rssMb, 0),
  }
}

const drained = async (log: OrderLog, group: string): Promise<void> => {
  await eventually(async () => (await log.lag(group)) === 0, {
    what: `everything of ${log.prefix} is committed`,
    timeoutMs: 120_000,
    everyMs: 100,
  })
}

const sideOf = (name: string, log: OrderLog, children: readonly Child[]): Side => ({
  name,
  log,
  begin: async () => {},
  end: () => drained(log, 'fulfillment'),
  usage: () => usageOf(children),
  stop: async () => {
    await Promise.all(children.map((child) => child.stop()))
    await log.close()
  },
})

/** `fulfillment` as its own deployment, on Kafka and SQLite. */
export const meshSide = async (bench: Bench, lmsUrl: string, plan: MeshPlan): Promise<Side> => {
  const prefix = plan.name.replaceAll(/\W+/g, '-')
  const log = await openOrderLog(bench, prefix)
  const children: Child[] = []
  for (let nth = 0; nth < (plan.replicas ?? 1); nth++)
    children.push(
      await startChild('mesh', {
        data: `${bench.folder}/${prefix}-${nth}`,
        services: ['fulfillment'],
        bus: busOf(bench, prefix),
        lmsUrl,
        concurrency: plan.concurrency,
        ...plan.settings,
      }),
    )
  return sideOf(plan.name, log, children)
}

/** The Kafka driver and the handler alone: see servers/bus-only.ts. */
export const busOnlySide = async (bench: Bench, lmsUrl: string, concurrency: number): Promise<Side> => {
  const prefix = `bus-only-${concurrency}`
  const log = await openOrderLog(bench, prefix)
  const child = await startChild('bus-only', { bus: busOf(bench, prefix), lmsUrl, concurrency })
  return sideOf('Kafka driver and handler', log, [child])
}

/** A loop that consumes with kafkajs and calls with undici: no store, no promises. */
export const bareSide = async (
  bench: Bench,
  lmsUrl: string,
  name: string,
  concurrency: number,
): Promise<Side> => {
  const log = await openOrderLog(bench, `bare-${name}`)
  const { bootstrapServers } = bench
  const settings = { bootstrapServers, topic: log.topic, partitions: PARTITIONS, lmsUrl, concurrency }
  const child = await startChild('bare-drain', settings)
  return {
    ...sideOf('bare kafkajs + undici', log, [child]),
    begin: async () => void (await child.ask('begin')),
    end: async () => void (await child.ask('end')),
  }
}

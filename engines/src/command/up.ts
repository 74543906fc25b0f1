import { EngineError } from '../engine-error.ts'
import type { EngineName } from '../engine/engine.ts'
import { engineOf } from '../engine/engines.ts'
import { readState } from '../state/state.ts'
import type { EngineRecord } from '../state/state.ts'
import { alivenessOf } from './alive.ts'
import { stopEngine } from './down.ts'
import { startEngine } from './start-engine.ts'
import type { Started } from './start-engine.ts'
import type { UpOptions } from './up-options.ts'

/** An engine that can be used. */
export type Up = {
  readonly name: EngineName
  readonly record: EngineRecord
  /** Whether it ran before. */
  readonly ran: boolean
  /** Milliseconds from its start until it could be used. */
  readonly readyMs: number
}

const refuseOtherSize = (
  name: EngineName,
  { processes }: EngineRecord,
  brokers: number | undefined,
): void => {
  if (name !== 'kafka' || brokers === undefined || processes.length === 0 || processes.length === brokers)
    return
  throw new EngineError(
    `Kafka runs already, with ${processes.length} ${processes.length === 1 ? 'broker' : 'brokers'}.`,
    'Stop it first: `npm run engines -- down kafka`.',
    { exitCode: 2 },
  )
}

/** The record of an engine that runs and may stay; one that does not run whole, or shall be fresh, is stopped. */
const running = async (options: UpOptions, name: EngineName): Promise<EngineRecord | undefined> => {
  const record = readState(options.place.home).running[name]
  if (record === undefined) return undefined
  const alive = await alivenessOf(record)
  if (alive === 'running' && !options.fresh) {
    refuseOtherSize(name, record, options.brokers)
    return record
  }
  await stopEngine(options.place, name, record)
  return undefined
}

const finish = async ({ engine, record, untilReady }: Started, begun: number): Promise<Up> => {
  await untilReady()
  return { name: engine.name, record, ran: false, readyMs: Math.round(performance.now() - begun) }
}

const bring = async (options: UpOptions, name: EngineName): Promise<() => Promise<Up>> => {
  const record = await running(options, name)
  if (record !== undefined) return () => Promise.resolve({ name, record, ran: true, readyMs: 0 })
  const size = name === 'kafka' ? (options.brokers ?? 1) : 1
  const begun = performance.now()
  const started = await startEngine({ ...options, engine: engineOf(name), size })
  return () => finish(started, begun)
}

/**
 * Brings engines up and waits until all can be used. What runs already stays. The lock is the caller's.
 *
 * @throws EngineError when one can't be had; the others stay up.
 */
export const up = async (options: UpOptions): Promise<readonly Up[]> => {
  const waits: (() => Promise<Up>)[] = []
  let failure: { readonly reason: unknown } | undefined
  for (const name of options.names) {
    try {
      waits.push(await bring(options, name))
    } catch (reason) {
      failure = { reason }
      break
    }
  }
  const ended = await Promise.allSettled(waits.map((wait) => wait()))
  failure ??= ended.find((one) => one.status === 'rejected')
  if (failure !== undefined) throw failure.reason
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

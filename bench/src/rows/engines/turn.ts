import type { Child } from '../../process/child.ts'
import { startChild } from '../../process/child.ts'
import type { StubRun } from '../../servers/lms-stub.ts'
import type { Side } from './side.ts'

/** What a side did in one turn. */
export type Turn = {
  readonly perSecond: number
  /** CPU milliseconds of an order, all threads. */
  readonly cpuMs: number
  /** LMS calls seen at once. */
  readonly most: number
}

/** Starts the LMS that all sides call. */
export const startStub = (latencyMs: number): Promise<Child> =>
  startChild('lms-stub', {}).then(async (lms) => {
    await lms.ask('set', { latencyMs })
    return lms
  })

/** Address of the LMS. */
export const urlOf = (lms: Child): string => String(lms.ready['url'])

/** How a turn is played. */
export type TurnPlan = { readonly orders: number; readonly concurrency: number; readonly sampled?: number }

/**
 * Drains orders that are in the log already. The LMS holds its answers back until all orders are there and every place
 * of the side waits for one; the time begins when it lets go, so that joining the group does not count.
 */
export const drain = async (lms: Child, side: Side, plan: TurnPlan): Promise<Turn> => {
  const { orders, concurrency, sampled = 0 } = plan
  await lms.ask('set', { mode: 'hold' })
  await side.begin()
  const before = await side.usage()
  await side.log.place(orders, sampled)
  await lms.ask('held', Math.min(concurrency, orders))
  const { ms, requests, most } = (await lms.ask('release', orders)) as StubRun
  const { cpuMs } = await side.usage()
  if (requests > orders * 2)
    throw new Error(`${side.name} made ${requests} calls for ${orders} orders: something came twice`)
  await side.end()
  return { perSecond: (orders * 1_000) / ms, cpuMs: (cpuMs - before.cpuMs) / orders, most }
}

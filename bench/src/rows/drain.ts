import { eventually } from '@commerce-mesh/testing'
import { Pool } from 'undici'
import { type Child, startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import { sendLoad } from '../load/load.ts'
import type { Row } from '../report/report.ts'
import { stats } from './lms-stats.ts'
import { median } from '../report/statistics.ts'

const CONCURRENCY = 64

const startLms = () => startChild('lms', { throttle: false, autoCreate: true })

/** Orders sent as fast as they are taken, and the time until the LMS has them all. */
const drainOnce = async (lms: Child, mesh: Child, prefix: string, orders: number): Promise<number> => {
  const before = (await stats(lms)).effects
  const started = performance.now()
  await sendLoad(Number(new URL(String(mesh.ready['url'])).port), 32, prefix, { orders, ms: 600_000 })
  await eventually(async () => (await stats(lms)).effects >= before + orders, {
    what: 'everything enrolled',
    timeoutMs: 120_000,
  })
  return orders / ((performance.now() - started) / 1000)
}

/** The same two calls for each order with the same concurrency, and nothing else. */
const bareLoop = async (lms: Child, prefix: string, orders: number): Promise<number> => {
  const pool = new Pool(String(lms.ready['url']), { connections: CONCURRENCY })
  const headers = { 'x-edx-api-key': 'mesh-api-key', 'content-type': 'application/json' }
  const courseId = `course-v1:Load+${prefix}+2026`
  const started = performance.now()
  let next = 0
  const worker = async () => {
    while (next < orders) {
      const user = `learner-${next++}`
      const read = await pool.request({
        method: 'GET',
        path: `/api/enrollment/v1/enrollment/${user},${encodeURIComponent(courseId)}`,
        headers,
      })
      await read.body.dump()
      const body = JSON.stringify({
        user,
        mode: 'verified',
        is_active: true,
        course_details: { course_id: courseId },
      })
      const written = await pool.request({
        method: 'POST',
        path: '/api/enrollment/v1/enrollment',
        headers,
        body,
      })
      await written.body.dump()
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  await pool.close()
  return orders / ((performance.now() - started) / 1000)
}

/** Orders per second, end to end, with an LMS that answers at once. */
export const drainRow = (rounds: number, orders: number): Promise<Row> =>
  withFolder(async (folder) => {
    const lms = await startLms()
    const mesh = await startChild('mesh', {
      data: folder,
      lmsUrl: String(lms.ready['url']),
      concurrency: CONCURRENCY,
    })
    const pairs = []
    try {
      await drainOnce(lms, mesh, 'WARM', Math.min(orders, 500))
      for (let round = 0; round < rounds; round++) {
        const ours = await drainOnce(lms, mesh, `D${round}`, orders)
        const bare = await bareLoop(lms, `BARE${round}`, orders)
        pairs.push({ ours, bare, ratio: ours / bare })
      }
    } finally {
      await mesh.stop()
      await lms.stop()
    }
    return {
      name: 'orders per second, POST to enrolled, LMS answers at once',
      value: `${median(pairs.map(({ ours }) => ours)).toFixed(0)}/s (${median(pairs.map(({ ratio }) => ratio)).toFixed(2)} of a bare loop of the same LMS calls)`,
      figures: { pairs },
    }
  })

/**
 * Concurrency that a slow LMS sees, by Little's law: all calls times seconds per call, over the time they took together.
 *
 * @param turns - orders for each of the concurrent places, 1 or more; an order is two calls.
 */
export const slowLmsRow = (concurrency: number, turns: number): Promise<Row> =>
  withFolder(async (folder) => {
    const lms = await startLms()
    const mesh = await startChild('mesh', { data: folder, lmsUrl: String(lms.ready['url']), concurrency })
    try {
      await lms.ask('faults', { latencyMs: 1000 })
      const orders = concurrency * turns
      const sending = sendLoad(Number(new URL(String(mesh.ready['url'])).port), 32, 'SLOW', {
        orders,
        ms: 600_000,
      })
      await eventually(async () => (await stats(lms)).maxInFlight >= concurrency, {
        what: 'the LMS is busy',
        timeoutMs: 60_000,
      })
      const started = performance.now()
      await sending
      await eventually(async () => (await stats(lms)).effects >= orders, {
        what: 'everything enrolled',
        timeoutMs: 120_000,
      })
      const { requests, maxInFlight } = await stats(lms)
      const used = requests / ((performance.now() - started) / 1000)
      return {
        name: `LMS takes 1 s a call: concurrency in use of ${concurrency}`,
        value: `${used.toFixed(1)} (${((100 * used) / concurrency).toFixed(1)} %), never above ${maxInFlight}`,
        target: '>= 95 %',
        reached: used >= 0.95 * concurrency && maxInFlight <= concurrency,
        figures: { requests, maxInFlight, concurrency, orders },
      }
    } finally {
      await mesh.stop()
      await lms.stop()
    }
  })

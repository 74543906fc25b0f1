import { randomBytes } from 'node:crypto'
import { orderFulfilled, orderFulfillmentFailed, orderPlaced, toBinary } from '@commerce-mesh/contracts'
import type { OrderPlaced } from '@commerce-mesh/contracts'
import { openKafkaBus } from '@commerce-mesh/mesh'
import { pino } from 'pino'
import { type Bench, PARTITIONS, busOf } from './kafka.ts'

/** Placed orders on a topic of their own, for one side of a comparison. */
export type OrderLog = {
  readonly prefix: string
  /** Kafka's name of the topic. */
  readonly topic: string
  /**
   * Writes orders that no other has the number of; resolves when all are on the broker.
   *
   * @param sampled - share of them whose trace is kept by whoever takes it, 0 to 1.
   */
  place(orders: number, sampled?: number): Promise<void>
  /** Records that a group has not committed yet. */
  lag(group: string): Promise<number>
  close(): Promise<void>
}

/** Records of one publish. */
const CHUNK = 500

/** Courses that the orders are spread over. */
const COURSES = 20

const dataOf = (prefix: string, nth: number): OrderPlaced => ({
  orderNumber: `${prefix}-${nth}`,
  placedAt: '2026-11-21T12:00:00Z',
  learner: { username: `learner-${nth}`, email: `learner-${nth}@example.com` },
  currency: 'USD',
  total: 14_900,
  lines: [
    {
      lineId: '1',
      kind: 'seat',
      courseId: `course-v1:Load+${prefix}${nth % COURSES}+2026`,
      mode: 'verified',
      price: 14_900,
    },
  ],
  payment: { provider: 'invoice', reference: `INV-${nth}` },
})

const hex = (bytes: number) => randomBytes(bytes).toString('hex')

const recordOf = (prefix: string, nth: number, kept: boolean) => {
  const data = dataOf(prefix, nth)
  const key = orderPlaced.key(data)
  const { headers, value } = toBinary({
    id: `${prefix}/${nth}`,
    source: '/commerce-mesh/payments',
    type: orderPlaced.type,
    subject: key,
    time: '2026-11-21T12:00:00Z',
    datacontenttype: 'application/json',
    extensions: { partitionkey: key, traceparent: `00-${hex(16)}-${hex(8)}-0${kept ? 1 : 0}` },
    data,
  })
  return { topic: orderPlaced.type, key, headers, value }
}

/** Makes the topics under a prefix, and writes to them. */
export const openOrderLog = async (bench: Bench, prefix: string): Promise<OrderLog> => {
  const { kafka: settings, retentionDays } = busOf(bench, prefix)
  const bus = await openKafkaBus({ settings, retentionDays, log: pino({ level: 'warn' }) })
  const topics = [orderPlaced, orderFulfilled, orderFulfillmentFailed]
  await bus.declare(topics.map(({ type: name }) => ({ name, partitions: PARTITIONS })))
  let next = 0
  return {
    prefix,
    topic: `${prefix}.${orderPlaced.type}`,
    place: async (orders, sampled = 0) => {
      const end = next + orders
      while (next < end) {
        const length = Math.min(CHUNK, end - next)
        await bus.publish(Array.from({ length }, () => recordOf(prefix, next++, next % 100 < sampled * 100)))
      }
    },
    lag: async (group) => {
      const lags = await bus.lag(group, [orderPlaced.type])
      return lags.reduce((sum, { committed, end }) => sum + end - committed, 0)
    },
    close: () => bus.close(),
  }
}

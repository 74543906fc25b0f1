import { orderSubmitted, paymentNotified, toBinary, sourceOf } from '@commerce-mesh/contracts'
import type { CloudEvent } from '@commerce-mesh/contracts'
import { fulfillment } from '@commerce-mesh/fulfillment'
import { defaultConfig, startMesh } from '@commerce-mesh/mesh'
import type { BusRecord, OutgoingRecord, RunningMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'
import { eventually, startSandboxLms } from '@commerce-mesh/testing'
import type { SandboxLms } from '@commerce-mesh/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Both services on the real runtime: whatever order the facts of an order come in, and however often, the learner is
// enrolled in each line exactly once, and every record is accounted for.

const LINES = ['course-v1:Load+One+2026', 'course-v1:Load+Two+2026']

let directory: string
let lms: SandboxLms
let mesh: RunningMesh

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mesh-any-order-'))
  lms = await startSandboxLms({ throttle: false, autoCreate: true })
  const client = { clientId: 'mesh', clientSecret: 'mesh-secret', rateLimit: false }
  mesh = await startMesh({
    config: {
      ...defaultConfig(),
      data: directory,
      log: { level: 'silent' },
      services: { fulfillment: { lms: { url: lms.url, ...client } } },
    },
    services: [payments, fulfillment] as never,
  })
})

afterAll(async () => {
  await mesh.stop()
  await lms.close()
  await rm(directory, { recursive: true, force: true })
})

const eventOf = <D>(type: string, id: string, data: D): CloudEvent<D> => ({
  id,
  source: sourceOf('gateway'),
  type,
  time: '2026-11-21T12:00:00Z',
  datacontenttype: 'application/json',
  extensions: {},
  data,
})

const recordOf = (event: CloudEvent, key: string): OutgoingRecord => ({
  topic: event.type,
  key,
  ...toBinary(event),
})

const submitted = (nth: number) => {
  const orderNumber = `ANY-${nth}`
  const data = {
    orderNumber,
    placedAt: '2026-11-21T12:00:00Z',
    submittedBy: 'shop',
    channel: 'orders' as const,
    learner: { username: `learner-${1000 + nth}` },
    currency: 'USD',
    total: 29800,
    lines: LINES.map((courseId, line) => ({
      lineId: `${line + 1}`,
      kind: 'seat' as const,
      courseId,
      mode: 'verified',
      price: 14900,
    })),
    payment: { status: 'pending' as const, provider: 'stripe', reference: null },
  }
  return recordOf(eventOf(orderSubmitted.type, `submitted-${nth}`, data), orderNumber)
}

const notified = (nth: number, name: string, kind: 'captured' | 'failed') => {
  const data = {
    orderNumber: `ANY-${nth}`,
    provider: 'stripe',
    notificationId: `evt_${nth}_${name}`,
    notificationType: `payment_intent.${name}`,
    kind,
    reference: `pi_${nth}`,
    amount: 29800,
    currency: 'USD',
    notifiedAt: '2026-11-21T12:00:01Z',
  }
  return recordOf(eventOf(paymentNotified.type, `notified-${nth}-${name}`, data), data.orderNumber)
}

/** Everything that is told of one order; two of the facts tell of the same payment. */
const factsOf = (nth: number): OutgoingRecord[] => [
  submitted(nth),
  notified(nth, 'succeeded', 'captured'),
  notified(nth, 'completed', 'captured'),
  notified(nth, 'payment_failed', 'failed'),
]

/** Each fact at least once, some several times, in any order; and in how many goes they are published. */
const schedule = fc
  .array(fc.nat(3), { maxLength: 6 })
  .chain((again) => fc.shuffledSubarray([0, 1, 2, 3, ...again], { minLength: 4 + again.length }))

const placedRecords = async (orderNumber: string): Promise<BusRecord[]> => {
  const partitions = Array.from({ length: defaultConfig().bus.partitions }, (_, partition) => partition)
  const all = await Promise.all(
    partitions.map((partition) => mesh.bus.read({ topic: 'order.placed.v1', partition }, 0, 1000)),
  )
  return all.flat().filter(({ key }) => key === orderNumber)
}

const enrolled = (nth: number) => lms.effects().filter(({ user }) => user === `learner-${1000 + nth}`)

const acceptedAtRest = async () => {
  const { services } = await mesh.operations.audit()
  const underWay = services.some(({ inFlight, waiting, unpublished }) => inFlight + waiting + unpublished > 0)
  return underWay ? undefined : services.reduce((sum, { accepted }) => sum + accepted, 0)
}

/** One service is looked at after the other; what moved on in between shows in a second look. */
const settled = () =>
  eventually(
    async () => {
      const accepted = await acceptedAtRest()
      return accepted !== undefined && accepted === (await acceptedAtRest())
    },
    { timeoutMs: 20_000, what: 'every record is settled' },
  )

describe('an order whose facts come in any order and again and again', () => {
  let nth = 0

  it('ends enrolled once in each line, placed once, with nothing unaccounted for', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.boolean(), async (order, together) => {
        nth++
        const facts = factsOf(nth)
        const records = order.flatMap((index) => facts[index] ?? [])
        if (together) await mesh.bus.publish(records)
        else for (const record of records) await mesh.bus.publish([record])
        await settled()
        const placed = await placedRecords(`ANY-${nth}`)
        expect(placed).toHaveLength(1)
        await mesh.bus.publish([...placed, ...placed, ...records])
        await settled()
        expect(enrolled(nth).map(({ courseId, effects }) => ({ courseId, effects }))).toEqual(
          expect.arrayContaining(LINES.map((courseId) => ({ courseId, effects: 1 }))),
        )
        expect(enrolled(nth)).toHaveLength(LINES.length)
        const state = await mesh.readState<{ placed: string[] }>('payments', `ANY-${nth}`)
        expect(state?.placed).toEqual(['1', '2'])
      }),
      { numRuns: 25 },
    )
    expect((await mesh.operations.audit()).drift).toBe(0)
    expect(await mesh.operations.deadLetters({})).toEqual([])
  }, 60_000)
})

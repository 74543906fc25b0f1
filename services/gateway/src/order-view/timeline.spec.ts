import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toOrderStatus } from './order-status.ts'
import {
  WHOLE_ORDER,
  at,
  captured,
  history,
  hop,
  letter,
  notified,
  submitted,
  traceId,
  viewOf,
} from './sample.ts'
import type { TimelineEntry } from './schema.ts'
import { addEntry, MAX_ENTRIES } from './timeline.ts'

const entry = (ms: number, id: string): TimelineEntry => ({
  kind: 'event',
  at: at(ms),
  id,
  type: 'order.placed.v1',
})

describe('the timeline', () => {
  it('has one entry per fact, by time and then id', async () => {
    const { timeline } = await viewOf(...WHOLE_ORDER.toReversed())
    expect(timeline.map(({ id }) => id)).toEqual([
      'submitted-0',
      'hop-5',
      'notified-20',
      'hop-25',
      'captured-30',
      'placed-30',
      'hop-40',
      'hop-90',
      'fulfilled-95',
    ])
  })

  it('says what a person wants to know, and nothing personal', async () => {
    const { timeline } = await viewOf(
      submitted(0, ['1']),
      notified(20),
      hop(40, { outcome: 'retry', code: 'MESH_HANDLER_THREW', reason: 'reset', nextAttemptAt: at(90) }),
      letter(50),
    )
    expect(timeline).toEqual([
      {
        kind: 'event',
        at: at(0),
        id: 'submitted-0',
        type: 'order.submitted.v1',
        detail: 'by shop through orders, payment pending',
      },
      {
        kind: 'event',
        at: at(20),
        id: 'notified-20',
        type: 'payment.notified.v1',
        detail: 'stripe: captured, 149.00 USD',
        paymentReference: 'pi_1',
      },
      {
        kind: 'hop',
        at: at(40),
        id: 'hop-40',
        eventId: 'placed-30',
        eventType: 'order.placed.v1',
        service: 'fulfillment',
        handler: 'grant-on-order-placed',
        outcome: 'retry',
        attempt: 1,
        durationMs: 1.5,
        code: 'MESH_HANDLER_THREW',
        reason: 'reset',
        traceId: traceId(2),
        nextAttemptAt: at(90),
        caused: [],
      },
      {
        kind: 'dead-letter',
        at: at(50),
        id: 'dl-1',
        class: 'permanent',
        code: 'MESH_HANDLER_THREW',
        reason: 'The course has no such mode.',
        service: 'fulfillment',
        handler: 'grant-on-order-placed',
        eventId: 'placed-30',
      },
    ])
  })

  it('is enough for a tree: every event is a root or caused by a hop, every hop names its event', async () => {
    const { timeline } = toOrderStatus(await viewOf(...WHOLE_ORDER))
    const hops = timeline.filter((one) => one.kind === 'hop')
    const events = timeline.filter((one) => one.kind === 'event').map(({ id }) => id)
    const caused = new Set(hops.flatMap((one) => one.caused.map(({ id }) => id)))
    expect(events.filter((id) => !caused.has(id))).toEqual(['submitted-0', 'notified-20'])
    expect(hops.every((one) => events.includes(one.eventId))).toBe(true)
  })

  it('sorts instants however they are written, and takes the data’s own where an event has no time', async () => {
    const { time: _time, ...timeless } = submitted(0, ['1'])
    const offset = { ...notified(20), time: '2026-01-01T11:59:59.5+02:00' }
    const { timeline } = await viewOf(timeless, offset, { ...notified(30), time: 'yesterday' })
    expect(timeline.map((one) => one.at)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '2026-01-01T09:59:59.500Z',
      at(0),
    ])
  })

  it('keeps the first entry and the latest 199, in whatever order they come', () => {
    const all = Array.from({ length: 230 }, (_, n) =>
      entry(Math.floor(n / 3), `e-${String(n).padStart(3, '0')}`),
    )
    const expected = [...all.slice(0, 1), ...all.slice(1 - MAX_ENTRIES)]
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const timeline = [...shuffled, ...shuffled].reduce<readonly TimelineEntry[]>(addEntry, [])
        expect(timeline).toEqual(expected)
      }),
      { numRuns: 30 },
    )
  })

  it('keeps an event apart from a dead letter of the same id and instant', () => {
    const dead: TimelineEntry = {
      kind: 'dead-letter',
      at: at(1),
      id: 'e-1',
      class: 'poison',
      code: 'MESH_EVENT_POISON',
      reason: 'Not JSON.',
      service: 'payments',
      handler: '-',
    }
    expect(addEntry(addEntry([], entry(1, 'e-1')), dead)).toHaveLength(2)
  })

  it('says which route took an event, where the journal does', async () => {
    const { timeline } = await viewOf(
      hop(40, { route: 'mesh.yaml:12 when currency is USD' }),
      hop(50, { traceId: '' }),
    )
    expect(timeline).toMatchObject([
      { route: 'mesh.yaml:12 when currency is USD', traceId: traceId(2) },
      { id: 'hop-50' },
    ])
    expect(timeline[1]).not.toHaveProperty('route')
    expect(timeline[1]).not.toHaveProperty('traceId')
  })

  it('cuts a very long reason or route', async () => {
    const { timeline } = await viewOf(
      hop(40, { outcome: 'dead', reason: 'x'.repeat(9_000), route: 'z'.repeat(9_000) }),
      letter(41, { reason: 'y'.repeat(9_000) }),
    )
    expect(timeline.map((one) => ('reason' in one ? one.reason?.length : 0))).toEqual([500, 500])
    expect(timeline[0]).toMatchObject({ route: 'z'.repeat(500) })
  })
})

describe('the trace', () => {
  it('is the submission’s, else that of the first fact', async () => {
    expect((await viewOf(notified(20))).trace?.traceId).toBe(traceId(2))
    expect((await viewOf(notified(-20), submitted(0, ['1']))).trace?.traceId).toBe(traceId(1))
    expect((await viewOf(submitted(0, ['1']), notified(-20))).trace?.traceId).toBe(traceId(1))
  })

  it('is left out where there is none', async () => {
    expect(toOrderStatus(await viewOf({ ...notified(20), extensions: {} }))).not.toHaveProperty('traceId')
  })
})

describe('the payment', () => {
  it('is the one that paid, else the one that was named first', async () => {
    const failed = notified(20, { kind: 'failed', reference: 'pi_0' })
    const first = await viewOf(failed, notified(30))
    expect(first.payment?.reference).toBe('pi_0')
    expect((await viewOf(captured(40), failed)).payment?.reference).toBe('pi_1')
    expect((await viewOf(failed, captured(40), notified(10, { reference: 'pi_2' }))).payment?.reference).toBe(
      'pi_1',
    )
  })

  it('is left out while no fact names one', async () => {
    const view = await viewOf(submitted(0, ['1']), captured(30, null), hop(40))
    expect(view).not.toHaveProperty('payment')
    expect(view.timeline.some((one) => 'paymentReference' in one)).toBe(false)
  })

  it('comes to a view that was stored before it was kept, as soon as a fact names one', async () => {
    const { payment: _none, ...stored } = await viewOf(submitted(0, ['1']))
    const [answer] = await history([captured(30)], stored)
    expect(answer?.state?.payment?.reference).toBe('pi_1')
  })
})

import { type CloudEvent, orderSubmitted } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { toOrderStatus } from './order-status.ts'
import {
  REDRIVEN_ORDER,
  WHOLE_ORDER,
  captured,
  failed,
  fulfilled,
  hop,
  letter,
  notified,
  placed,
  submitted,
  viewOf,
} from './sample.ts'
import { orderStatusSchema } from './schema.ts'

const statusAfter = async (...facts: readonly CloudEvent[]) => toOrderStatus(await viewOf(...facts))

describe('the status of an order', () => {
  it('follows its facts', async () => {
    const steps = await Promise.all(
      WHOLE_ORDER.map((_, end) => statusAfter(...WHOLE_ORDER.slice(0, end + 1))),
    )
    expect(steps.map(({ status }) => status)).toEqual([
      'submitted',
      'submitted',
      'submitted',
      'paid',
      'paid',
      'paid',
      'fulfilling',
      'fulfilled',
      'fulfilled',
    ])
  })

  it('is paid once the payment is captured, though nothing is placed yet', async () => {
    const status = await statusAfter(submitted(0, ['1']), captured(30))
    expect(status).toMatchObject({ status: 'paid', lines: [{ lineId: '1', state: 'submitted' }] })
  })

  it('is fulfilling once the LMS was asked, though it has not answered yet', async () => {
    const asked = hop(40, { outcome: 'retry', lines: { '1': 'pending' } })
    expect((await statusAfter(placed(30, ['1']), asked)).status).toBe('fulfilling')
  })

  it('is failed while a line is, and the other lines say how far they are', async () => {
    const status = await statusAfter(
      placed(30, ['1', '2', '3']),
      failed(40, { '1': 'granted', '2': 'failed', '3': 'pending' }),
    )
    expect(status.status).toBe('failed')
    expect(status.lines.map(({ state }) => state)).toEqual(['granted', 'failed', 'pending'])
  })

  it('is fulfilled after a dead letter was redriven, and nobody has to look any more', async () => {
    const status = await statusAfter(...REDRIVEN_ORDER)
    expect(status.status).toBe('fulfilled')
    expect(status).not.toHaveProperty('attention')
    expect(await statusAfter(...REDRIVEN_ORDER.slice(0, -2))).toMatchObject({
      status: 'failed',
      attention: [
        { deadLetterId: 'dl-1', code: 'MESH_HANDLER_THREW', reason: 'The course has no such mode.' },
      ],
    })
  })

  it('is fulfilling again while lines that came later are not granted', async () => {
    const before = [...WHOLE_ORDER, placed(200, ['3'])]
    const status = await statusAfter(...before)
    expect(status.status).toBe('fulfilling')
    expect(status.lines.map(({ state }) => state)).toEqual(['granted', 'granted', 'paid'])
    expect((await statusAfter(...before, fulfilled(210, ['1', '2', '3']))).status).toBe('fulfilled')
  })

  it('is not changed by a second submission that does not stand', async () => {
    const again = letter(300, {
      deadLetterId: 'dl-2',
      service: 'payments',
      eventId: 'submitted-299',
      eventType: orderSubmitted.type,
    })
    const status = await statusAfter(...WHOLE_ORDER, submitted(299, ['9'], 'other-shop'), again)
    expect(status).toMatchObject({
      status: 'fulfilled',
      submittedBy: 'shop',
      attention: [{ deadLetterId: 'dl-2' }],
    })
    expect(status.lines.map(({ lineId }) => lineId)).toEqual(['1', '2'])
    const waiting = await statusAfter(submitted(299, ['9'], 'other-shop'), submitted(0, ['1']))
    expect(waiting).toMatchObject({ submittedBy: 'shop', lines: [{ lineId: '1' }] })
  })

  it('belongs to whom handed it in at the gateway, whatever time a vendor writes into its own submission', async () => {
    const own = { ...submitted(200, ['1'], 'shop'), source: '/commerce-mesh/gateway' }
    const other = { ...submitted(0, ['9'], 'vendor'), source: '/vendor' }
    expect(await statusAfter(own, other)).toMatchObject({ submittedBy: 'shop', lines: [{ lineId: '1' }] })
    expect(await statusAfter(other, own)).toMatchObject({ submittedBy: 'shop' })
    expect(await statusAfter(other)).toMatchObject({ submittedBy: 'vendor' })
  })

  it('has a submitter only once somebody has submitted it', async () => {
    expect(await statusAfter(notified(20))).toMatchObject({
      status: 'submitted',
      submittedBy: null,
      lines: [],
    })
  })
})

describe('lines', () => {
  it('are named by the submission while only the journal tells of them', async () => {
    const status = await statusAfter(
      hop(40, { lines: { '1': 'pending', '7': 'pending' } }),
      submitted(0, ['1']),
    )
    expect(status.lines).toEqual([
      { lineId: '1', courseId: 'course-v1:edX+DemoX+Demo_Course', mode: 'verified', state: 'pending' },
      { lineId: '7', state: 'pending' },
    ])
  })

  it('are in the order that people count in', async () => {
    const status = await statusAfter(placed(30, ['10', '9', '1']))
    expect(status.lines.map(({ lineId }) => lineId)).toEqual(['1', '9', '10'])
  })

  it('do not fall back to paid by a late record, whatever the clocks say', async () => {
    const status = await statusAfter(fulfilled(10, ['1']), placed(30, ['1']))
    expect(status).toMatchObject({ status: 'fulfilled', lines: [{ state: 'granted' }] })
  })

  it('do not mind ids that mean something to JavaScript, nor states that the view does not know', async () => {
    const status = await statusAfter(
      placed(30, ['__proto__', 'constructor']),
      hop(40, { lines: { constructor: 'toString', x: 'odd' } }),
    )
    expect(status.lines.map(({ lineId, state }) => [lineId, state])).toEqual([
      ['__proto__', 'paid'],
      ['constructor', 'paid'],
    ])
  })
})

describe('attention', () => {
  it('stays while a redrive has not helped, with the latest reason', async () => {
    const again = letter(500, { reason: 'Still no such mode.' })
    const status = await statusAfter(letter(40), hop(500, { outcome: 'dead' }), again)
    expect(status.attention).toEqual([expect.objectContaining({ reason: 'Still no such mode.' })])
  })

  it('ends when the event was handled, also seen before its letter, but not by another service or another event', async () => {
    const ends = async (more: Parameters<typeof hop>[1]) =>
      (await statusAfter(hop(500, more), letter(40))).attention === undefined &&
      (await statusAfter(letter(40), hop(500, more))).attention === undefined
    expect(await ends({})).toBe(true)
    expect(await ends({ outcome: 'suppressed' })).toBe(true)
    expect(await ends({ outcome: 'retry' })).toBe(false)
    expect(await ends({ service: 'payments' })).toBe(false)
    expect(await ends({ eventId: 'placed-31' })).toBe(false)
    expect(await ends({ startedAt: '2026-01-01T09:00:00.000Z' })).toBe(false)
  })

  it('shows the last of two letters of one event, and each letter whose record nobody could read', async () => {
    const refused = letter(40, { deadLetterId: 'dl-refused', handler: '-', class: 'contract' })
    const { eventId: _id, ...unreadable } = letter(41, { deadLetterId: 'dl-poison', class: 'poison' }).data
    const poison = { ...letter(41), data: unreadable }
    const other = { ...letter(42), data: { ...unreadable, deadLetterId: 'dl-poison-2' } }
    const status = await statusAfter(letter(50), refused, poison, other, hop(60, { eventId: 'x' }))
    expect(status.attention?.map(({ deadLetterId }) => deadLetterId)).toEqual([
      'dl-poison',
      'dl-poison-2',
      'dl-1',
    ])
  })

  it('asks the store where it can: a person may have discarded a letter', async () => {
    const view = await viewOf(letter(40), letter(41, { deadLetterId: 'dl-2', eventId: 'other' }))
    expect(toOrderStatus(view, new Set(['dl-2'])).attention).toMatchObject([{ deadLetterId: 'dl-2' }])
    expect(toOrderStatus(view, new Set())).not.toHaveProperty('attention')
  })

  it('is bounded to the latest fifty letters', async () => {
    const letters = Array.from({ length: 60 }, (_, n) =>
      letter(n, { deadLetterId: `dl-${n}`, eventId: `e-${n}` }),
    )
    const { attention } = await statusAfter(...letters)
    expect(attention).toHaveLength(50)
    expect(attention?.at(0)?.deadLetterId).toBe('dl-10')
  })
})

describe('the answer', () => {
  it('is what its schema says, without personal data', async () => {
    for (const facts of [[], WHOLE_ORDER, [...REDRIVEN_ORDER, letter(600)]]) {
      const status = await statusAfter(...facts)
      expect(orderStatusSchema.parse(status)).toEqual(status)
      expect(JSON.stringify([status, await viewOf(...facts)])).not.toMatch(/alice|lmsUserId/)
    }
  })
})

import type { OrderStatus } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import {
  at,
  attentionTo,
  consumers,
  dead,
  event,
  fulfilled,
  granted,
  hop,
  joined,
  letter,
  order,
  placed,
  retry,
  submitted,
} from '../timeline.fixture.ts'
import { rowsOf } from './rows.ts'
import type { Row } from './rows.ts'

const rows = (status: OrderStatus, notes: Record<string, string> = {}) => rowsOf(status, { consumers, notes })

const outline = (all: readonly Row[]) =>
  all.map(({ depth, mark, name, outcome }) => `${'  '.repeat(depth)}${mark} ${name} ${outcome}`.trimEnd())

const detail = (row: Row | undefined, label: string) => row?.details.find((one) => one.label === label)?.value

describe('rowsOf', () => {
  it('has one row for each event and each attempt, below its cause', () => {
    const all = rows(order([submitted, joined, placed, granted, fulfilled]))
    expect(outline(all)).toEqual([
      'event order.submitted.v1',
      '  done payments/handle done',
      '    event order.placed.v1',
      '      done fulfillment/handle done',
      '        event order.fulfilled.v1',
    ])
    expect(all.map(({ parent }) => parent)).toEqual([undefined, 0, 1, 2, 3])
    expect(all[3]).toMatchObject({ from: 5, to: 36.2, isOpen: false, service: 'fulfillment' })
    expect(all[3]).not.toHaveProperty('nextFrom')
  })

  it('knows the time between attempts, and that the last one waits', () => {
    const all = rows(order([submitted, joined, placed, retry(5, 1, 1_005), retry(1_005, 2, 14_000)]))
    expect(outline(all).slice(3)).toEqual([
      '      retry fulfillment/handle retry MESH_LMS_UNAVAILABLE',
      '      retry fulfillment/handle #2 retry MESH_LMS_UNAVAILABLE',
    ])
    expect(all[3]).toMatchObject({ nextFrom: 1_005, isOpen: false })
    expect(all[3]).not.toHaveProperty('waitsFor')
    expect(all[4]).toMatchObject({ isOpen: true, waitsFor: 'next 12:00:14Z' })
    expect(all[4]).not.toHaveProperty('nextFrom')
  })

  it('marks a dead letter that waits for a person, with the catalogue’s advice', () => {
    const all = rows(
      order([submitted, joined, placed, dead(5), letter(7)], { attention: [attentionTo(letter(7))] }),
    )
    expect(outline(all).slice(3)).toEqual([
      '      dead fulfillment/handle dead MESH_LMS_LEARNER_UNKNOWN',
      '      dead-letter dead letter dl-1 permanent MESH_LMS_LEARNER_UNKNOWN',
    ])
    expect(all[4]).toMatchObject({ from: 7, to: 7, isOpen: true })
    expect(detail(all[3], 'To do')).toMatch(/redrive/)
    expect(detail(all[4], 'Look at it')).toBe('mesh dead show dl-1')
  })

  it('shows a dead letter of no known event at the root', () => {
    const { eventId: _unreadable, ...poison } = letter(9, { code: 'NOT_OURS', handler: '' })
    const all = rows(order([submitted, poison], { attention: [attentionTo(poison)] }))
    expect(outline(all).at(-1)).toBe('dead-letter dead letter dl-1 permanent NOT_OURS')
    expect(detail(all.at(-1), 'To do')).toBeUndefined()
    expect(detail(all.at(-1), 'Set aside by')).toBe('fulfillment')
  })

  it('shows a service that has not begun, and what holds it back', () => {
    const note = 'held back: MESH_LMS_CLIENT_REFUSED: invalid_client'
    const all = rows(order([submitted, joined, placed]), { fulfillment: note })
    expect(outline(all).at(-1)).toBe('      pending fulfillment not handled yet')
    expect(all.at(-1)).toMatchObject({ from: 3, to: 3, isOpen: true })
    expect(detail(all.at(-1), 'Held back')).toBe(note)
    expect(detail(all.at(-1), 'To do')).toMatch(/Compare clientId/)
  })

  it('puts an event that the timeline has dropped where its first attempt is', () => {
    const [lost] = rows(order([event('e0', 'order.submitted.v1', 0), hop('x', 'gone', 'a.b.v1', 40)])).slice(
      2,
    )
    expect(lost).toMatchObject({ name: 'a.b.v1', outcome: 'dropped', from: 40 })
  })

  it('tells everything that is known of a row', () => {
    const attempt = { ...granted, route: 'mesh.yaml:12 when currency is USD', traceId: 'ab', reason: 'so' }
    const paid = { ...placed, paymentReference: 'pi_1' }
    const all = rows(order([submitted, joined, paid, attempt, fulfilled]))
    expect(all[2]?.details).toEqual([
      { label: 'Event', value: 'order.placed.v1' },
      { label: 'Event id', value: 'e2' },
      { label: 'At', value: at(3) },
      { label: 'Payment', value: 'pi_1' },
    ])
    expect(all[3]?.details).toEqual([
      { label: 'Handler', value: 'fulfillment/handle' },
      { label: 'Outcome', value: 'done, attempt 1' },
      { label: 'Began', value: at(5) },
      { label: 'Took', value: '31 ms' },
      { label: 'Reason', value: 'so' },
      { label: 'Route', value: 'mesh.yaml:12 when currency is USD' },
      { label: 'Event', value: 'order.placed.v1, id e2' },
      { label: 'Emitted', value: 'order.fulfilled.v1, id e3' },
      { label: 'Trace', value: 'ab' },
      { label: 'Journal', value: 'fulfillment-e2-5' },
    ])
  })

  it('does not let clocks that differ lead out of the picture', () => {
    const early = hop('payments', 'e1', 'order.submitted.v1', -50)
    const all = rows(order([submitted, early]))
    expect(all[1]).toMatchObject({ from: 0 })
  })

  it('is empty for an order that nothing has handled', () => expect(rows(order([]))).toEqual([]))
})

import type { CloudEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toOrderStatus } from './order-status.ts'
import {
  REDRIVEN_ORDER,
  WHOLE_ORDER,
  at,
  captured,
  failed,
  fulfilled,
  history,
  hop,
  letter,
  notified,
  placed,
  submitted,
  viewOf,
} from './sample.ts'

/** Every fact once or twice, in any order. */
const anyOrderOf = (facts: readonly CloudEvent[]): fc.Arbitrary<CloudEvent[]> =>
  fc
    .subarray([...facts])
    .chain((twice) => fc.shuffledSubarray([...facts, ...twice], { minLength: facts.length + twice.length }))

const CONFLICT = [
  ...WHOLE_ORDER,
  submitted(200, ['1', '9'], 'other-shop'),
  hop(201, { eventId: 'submitted-200', service: 'payments', outcome: 'dead' }),
  letter(201, { deadLetterId: 'dl-2', service: 'payments', eventId: 'submitted-200' }),
]
const PAID_TWICE = [
  ...WHOLE_ORDER,
  notified(10, { kind: 'failed', reference: 'pi_0' }),
  notified(300, { reference: 'pi_2' }),
]
const MORE_LINES = [...WHOLE_ORDER, placed(200, ['3'])]
const DEAD_AGAIN = [
  ...REDRIVEN_ORDER.slice(0, -2),
  hop(300, { outcome: 'dead', lines: { '1': 'failed' } }),
  letter(300),
]

describe('the facts of an order, in any order and more than once', () => {
  it.each([
    ['fulfilled', 'with a retry', WHOLE_ORDER],
    ['fulfilled', 'failed and redriven', REDRIVEN_ORDER],
    ['failed', 'failed, redriven and failed again', DEAD_AGAIN],
    ['fulfilled', 'submitted twice with other contents', CONFLICT],
    ['fulfilled', 'paid at the second try, and once more', PAID_TWICE],
    ['fulfilling', 'with more lines after it was fulfilled', MORE_LINES],
    ['fulfilled', 'and these granted, too', [...MORE_LINES, fulfilled(210, ['1', '2', '3'])]],
  ])('give the same view: %s (%s)', async (status, _what, facts) => {
    const expected = await viewOf(...facts)
    expect(toOrderStatus(expected).status).toBe(status)
    await fc.assert(
      fc.asyncProperty(anyOrderOf(facts), async (shuffled) => {
        expect(await viewOf(...shuffled)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('count once: what was seen before is suppressed and changes nothing', async () => {
    const answers = await history([...WHOLE_ORDER, ...WHOLE_ORDER])
    const again = answers.slice(WHOLE_ORDER.length)
    expect(new Set(again.map(({ outcome, reason }) => `${outcome}: ${reason}`))).toEqual(
      new Set(['suppressed: seen before']),
    )
    expect(again.at(-1)?.state).toEqual(answers[WHOLE_ORDER.length - 1]?.state)
  })
})

const time = fc.integer({ min: 0, max: 12 })
const lineId = fc.constantFrom('1', '2', '10')
const eventId = fc.constantFrom('submitted-1', 'placed-30')
const reference = fc.constantFrom('pi_1', 'pi_2', 'pi_3')
const states = (names: readonly string[]) => fc.dictionary(lineId, fc.constantFrom(...names), { minKeys: 1 })
const lineIds = fc.uniqueArray(lineId, { minLength: 1 })

/** Facts that no real order would show together. Two with the same id are the same fact. */
const anyFact: fc.Arbitrary<CloudEvent> = fc.oneof(
  time.map((ms) => submitted(ms, [['1'], ['1', '2'], ['10']][ms % 3] ?? [], `shop-${ms}`)),
  fc.tuple(time, reference).map(([ms, name]) => ({
    ...notified(ms, { reference: name }),
    id: `notified-${ms}-${name}`,
  })),
  fc.tuple(time, fc.option(reference)).map(([ms, name]) => ({
    ...captured(ms, name),
    id: `captured-${ms}-${name}`,
  })),
  fc.tuple(time, lineIds).map(([ms, ids]) => ({ ...placed(ms, ids), id: `placed-${ms}-${ids.join()}` })),
  fc
    .tuple(time, lineIds)
    .map(([ms, ids]) => ({ ...fulfilled(ms, ids), id: `fulfilled-${ms}-${ids.join()}` })),
  fc
    .tuple(
      time,
      fc.dictionary(lineId, fc.constantFrom('granted' as const, 'pending' as const, 'failed' as const), {
        minKeys: 1,
      }),
    )
    .map(([ms, lines]) => ({
      ...failed(ms, lines),
      id: `failed-${ms}-${JSON.stringify(lines)}`,
    })),
  fc
    .tuple(
      time,
      eventId,
      fc.constantFrom('done' as const, 'dead' as const, 'retry' as const),
      states(['submitted', 'paid', 'pending', 'granted', 'failed']),
    )
    .map(([ms, event, outcome, lines]) =>
      hop(ms, { eventId: event, outcome, lines }, `hop-${ms}-${event}-${outcome}-${JSON.stringify(lines)}`),
    ),
  fc
    .tuple(time, eventId, fc.constantFrom('dl-1', 'dl-2'))
    .map(([ms, event, id]) =>
      letter(ms, { deadLetterId: `${id}-${event}`, eventId: event, reason: `at ${at(ms)}` }),
    ),
)

describe('any facts at all', () => {
  it('give the same view in any order', async () => {
    const twoOrders = fc
      .array(anyFact, { minLength: 2, maxLength: 14 })
      .chain((facts) => fc.tuple(fc.constant(facts), anyOrderOf(facts)))
    await fc.assert(
      fc.asyncProperty(twoOrders, async ([facts, shuffled]) => {
        expect(await viewOf(...shuffled)).toEqual(await viewOf(...facts))
      }),
      { numRuns: 200 },
    )
  })
})

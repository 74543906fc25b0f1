import type { OrderPlaced } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type Fact,
  history,
  notification,
  paidSubmission,
  seat,
  submission,
  titanSubmission,
} from './sample.ts'

/** Every fact at least once, up to three times, in any order. */
const anyOrderOf = (facts: readonly Fact[]): fc.Arbitrary<Fact[]> =>
  fc.tuple(...facts.map(() => fc.integer({ min: 1, max: 3 }))).chain((times) => {
    const all = facts.flatMap((fact, at) => Array<Fact>(times[at] ?? 1).fill(fact))
    return fc.shuffledSubarray(all, { minLength: all.length })
  })

const endOf = async (facts: readonly Fact[]) => {
  const answers = await history(facts)
  const emitted = answers.flatMap((answer) => answer.events)
  return {
    state: answers.at(-1)?.state,
    placed: emitted
      .filter((event) => event.type === 'order.placed.v1')
      .flatMap((event) => (event.data as OrderPlaced).lines.map((line) => line.lineId))
      .toSorted(),
    captured: emitted.filter((event) => event.type === 'payment.captured.v1').map((event) => event.data),
    dead: answers.filter((answer) => answer.outcome === 'dead').map((answer) => answer.code),
  }
}

const TWO_LINES = { lines: [seat('1'), seat('2')] }
const SUCCEEDED = notification()
const COMPLETED = notification({ notificationType: 'checkout.session.completed' }, 'evt-completed')
const FAILED = notification({ kind: 'failed', reference: 'pi_0' })
const ACTION = notification({ kind: 'action-required' })

describe('in any order, however often', () => {
  it.each([
    ['pending', submission(TWO_LINES)],
    ['paid', paidSubmission('pi_1', TWO_LINES)],
    ['paid without a reference', paidSubmission(null, TWO_LINES)],
  ])('an order that is %s ends the same, each line placed once, nobody called', async (_what, order) => {
    const facts = [order, SUCCEEDED, COMPLETED, FAILED, ACTION]
    const expected = await endOf(facts)
    expect(expected).toMatchObject({ placed: ['1', '2'], dead: [] })
    await fc.assert(
      fc.asyncProperty(anyOrderOf(facts), async (shuffled) => {
        expect(await endOf(shuffled)).toEqual(expected)
      }),
    )
  })

  it('a wrong capture never places or blocks an order, and always calls a person', async () => {
    const wrong = notification({ amount: 1000, reference: 'pi_0' })
    await fc.assert(
      fc.asyncProperty(anyOrderOf([submission(TWO_LINES), SUCCEEDED, wrong, FAILED]), async (shuffled) => {
        const end = await endOf(shuffled)
        expect(end).toMatchObject({
          placed: ['1', '2'],
          state: { paidWith: [{ provider: 'stripe', reference: 'pi_1' }] },
        })
        expect(end.captured).toHaveLength(1)
        expect(end.dead.length).toBeGreaterThan(0)
      }),
    )
  })

  it('two right captures place an order once, and always call a person', async () => {
    const second = notification({ reference: 'pi_2' })
    await fc.assert(
      fc.asyncProperty(anyOrderOf([submission(TWO_LINES), SUCCEEDED, second]), async (shuffled) => {
        const end = await endOf(shuffled)
        expect(end).toMatchObject({ placed: ['1', '2'] })
        expect(end.captured).toHaveLength(1)
        expect(new Set(end.dead)).toEqual(new Set(['MESH_PAYMENT_TWICE']))
      }),
    )
  })

  it('without its capture an order is never placed', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrderOf([submission(), FAILED, ACTION]), async (shuffled) => {
        expect(await endOf(shuffled)).toMatchObject({
          placed: [],
          captured: [],
          dead: [],
          state: { placed: [] },
        })
      }),
    )
  })

  it('titan lines are placed once each, with one payment', async () => {
    const facts = ['1', '2', '3'].map((lineId) => titanSubmission(lineId))
    await fc.assert(
      fc.asyncProperty(anyOrderOf(facts), async (shuffled) => {
        const end = await endOf(shuffled)
        expect(end).toMatchObject({ placed: ['1', '2', '3'], dead: [] })
        expect(end.captured).toHaveLength(1)
        expect(end.state?.placed.toSorted()).toEqual(['1', '2', '3'])
      }),
    )
  })
})

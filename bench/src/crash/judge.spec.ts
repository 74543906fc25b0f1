import { describe, expect, it } from '@jest/globals'
import { judge } from './judge.ts'
import { nthOrder } from './storefront.ts'

const effect = (nth: number, effects = 1) => ({
  user: `learner-${nth}`,
  effects,
  isActive: true,
  lastOrderNumber: `CRASH-${nth}`,
})

describe('judge', () => {
  const sent = { accepted: [1, 2, 3].map((nth) => nthOrder(nth)), unsure: [nthOrder(4)] }

  it('finds nothing when every accepted order is enrolled once', () => {
    expect(judge(sent, [effect(1), effect(2), effect(3)])).toEqual({ lost: [], doubled: [], wrong: [] })
  })

  it('finds an accepted order that the LMS never saw', () => {
    expect(judge(sent, [effect(1), effect(3)]).lost).toEqual(['CRASH-2'])
  })

  it('does not take a call without effect for an enrollment', () => {
    expect(judge(sent, [effect(1), effect(2, 0), effect(3)]).lost).toEqual(['CRASH-2'])
  })

  it('finds an order that was enrolled twice, answered or not', () => {
    expect(judge(sent, [effect(1, 2), effect(2), effect(3), effect(4), effect(4)]).doubled).toEqual([
      'CRASH-1',
      'CRASH-4',
    ])
  })

  it('finds an enrollment that must not be', () => {
    const order = nthOrder(17)
    expect(judge({ accepted: [order], unsure: [] }, [{ ...effect(17), user: order.user }]).wrong).toEqual([
      'CRASH-17',
    ])
  })
})

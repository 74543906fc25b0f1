import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { fromStructured, toStructured } from './cloud-events/json-format.ts'
import { defineEvent } from './event.ts'
import { orderPlaced } from './order/order-placed.ts'
import { CONTRACTS } from './registry.ts'
import { sampleEventOf, sampleOf } from './samples.ts'

describe('samples', () => {
  it('exist for every contract', () => {
    for (const contract of CONTRACTS) expect(contract.key(sampleOf(contract))).toBe('EDX-100001')
  })

  it('are copies: a test that changes one changes no other', () => {
    const first = sampleOf(orderPlaced)
    first.lines.pop()
    first.learner.username = 'bob'
    first.payment.provider = 'other'
    expect(sampleOf(orderPlaced)).toMatchObject({
      lines: [{}],
      learner: { username: 'alice' },
      payment: { provider: 'stripe' },
    })
  })

  it('make events that the codec takes, with attributes of choice', () => {
    const event = sampleEventOf(orderPlaced, { id: 'e-9', extensions: { causationid: 'e-8' } })
    expect(event).toMatchObject({ id: 'e-9', type: 'order.placed.v1', extensions: { causationid: 'e-8' } })
    expect(fromStructured(toStructured(event))).toEqual(event)
  })

  it('do not exist for contracts without examples, and the error says what to do', () => {
    const other = defineEvent({
      name: 'a.b',
      version: 1,
      owner: 'c',
      summary: 'd',
      data: z.null(),
      key: () => 'k',
    })
    expect(() => sampleOf(other)).toThrow(
      "The contract of 'a.b.v1' has no examples: add one to its defineEvent.",
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { orderPlaced } from '../order/order-placed.ts'
import { CONTRACTS } from '../registry.ts'
import { sampleOf } from '../samples.ts'
import { REDACTED, redact } from './redact.ts'

const group = defineEvent({
  name: 'group.formed',
  version: 1,
  owner: 'test',
  summary: 'A group was formed.',
  key: () => 'k',
  data: z.strictObject({
    members: z.array(z.strictObject({ email: z.string(), role: z.string() })),
    notes: z.record(z.string(), z.string()),
    address: z.strictObject({ street: z.string(), city: z.string() }).nullable(),
  }),
  personal: ['members.*.email', 'notes.*', 'address'],
})

describe('redact', () => {
  it('replaces personal fields and nothing else', () => {
    const order = sampleOf(orderPlaced)
    expect(redact(orderPlaced, order)).toEqual({
      ...order,
      learner: { lmsUserId: 7, username: REDACTED, email: REDACTED },
    })
  })

  it('leaves the data itself alone', () => {
    const order = sampleOf(orderPlaced)
    redact(orderPlaced, order)
    expect(order).toEqual(sampleOf(orderPlaced))
  })

  it('leaves absent and null fields as they are', () => {
    const order = { ...sampleOf(orderPlaced), learner: { lmsUserId: 7 } }
    expect(redact(orderPlaced, order)).toEqual(order)
    expect(redact(group, { members: [], notes: {}, address: null })).toEqual({
      members: [],
      notes: {},
      address: null,
    })
  })

  it('follows * through lists and records, and hides whole objects', () => {
    const data = {
      members: [
        { email: 'a@example.org', role: 'x' },
        { email: 'b@example.org', role: 'y' },
      ],
      notes: { a: 'private', b: 'private' },
      address: { street: 'Main Street', city: 'Springfield' },
    }
    expect(redact(group, data)).toEqual({
      members: [
        { email: REDACTED, role: 'x' },
        { email: REDACTED, role: 'y' },
      ],
      notes: { a: REDACTED, b: REDACTED },
      address: REDACTED,
    })
  })

  it('hides a flat value on the way to a personal field, though the schema allows it', () => {
    const contact = z.union([z.string(), z.strictObject({ email: z.string(), kind: z.string() })])
    const either = defineEvent({
      name: 'test.done',
      version: 1,
      owner: 'test',
      summary: 'For this test.',
      key: () => 'k',
      data: z.strictObject({ contact }),
      personal: ['contact.email'],
    })
    expect(redact(either, { contact: 'alice@example.org' })).toEqual({ contact: REDACTED })
    expect(redact(either, { contact: { email: 'alice@example.org', kind: 'x' } })).toEqual({
      contact: { email: REDACTED, kind: 'x' },
    })
  })

  it.each([
    ['an unknown field', { mail: 'alice@example.org' }],
    [
      'an unknown field deep down',
      { payment: { provider: 'stripe', reference: 'x', payer: 'alice@example.org' } },
    ],
    ['a flat value where an object should be', { learner: 'alice@example.org' }],
    ['a list where an object should be', { learner: ['alice@example.org'] }],
    ['an object where text should be', { orderNumber: { from: 'alice@example.org' } }],
    ['an object in a personal field', { learner: { email: { value: 'alice@example.org' } } }],
    ['an inherited name', JSON.parse('{"__proto__":{"email":"alice@example.org"}}') as object],
  ])('hides %s', (_, members) => {
    const shown = JSON.stringify(redact(orderPlaced, { ...sampleOf(orderPlaced), ...members }))
    expect(shown).not.toContain('alice')
    expect(shown).toContain(REDACTED)
  })

  it.each([['alice@example.org'], [['alice@example.org']], [7]])(
    'hides data that is no object: %j',
    (data) => {
      expect(redact(orderPlaced, data)).toBe(REDACTED)
    },
  )

  it('has nothing to hide where there is no data', () => {
    expect(redact(orderPlaced, undefined)).toBeUndefined()
    expect(redact(orderPlaced, null)).toBeNull()
  })

  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    'shows no personal value of %s',
    (_, contract) => {
      const shown = JSON.stringify(redact(contract, sampleOf(contract)))
      expect(shown).not.toMatch(/alice/)
      expect(shown.split(REDACTED)).toHaveLength(contract.personal.length + 1)
    },
  )
})

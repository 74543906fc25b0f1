import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { defineEvent } from './event.ts'

const declaration = {
  name: 'seat.reserved',
  version: 1,
  owner: 'example-shop',
  summary: 'A seat is held until the order is paid.',
  data: z.strictObject({ orderNumber: z.string(), learner: z.strictObject({ email: z.string() }) }),
  key: (seat: { orderNumber: string }) => seat.orderNumber,
}

describe('defineEvent', () => {
  it('computes the type, and defaults to no personal fields and to the journal', () => {
    expect(defineEvent(declaration)).toMatchObject({
      type: 'seat.reserved.v1',
      personal: [],
      journaled: true,
    })
    expect(defineEvent({ ...declaration, version: 12 }).type).toBe('seat.reserved.v12')
  })

  it('keeps what is declared', () => {
    const contract = defineEvent({ ...declaration, personal: ['learner.email'], journaled: false })
    expect(contract).toMatchObject({ personal: ['learner.email'], journaled: false, owner: 'example-shop' })
    const data = { orderNumber: 'EDX-1', learner: { email: 'alice@example.org' } }
    expect(contract.data.parse(data)).toEqual(data)
    expect(contract.key(data)).toBe('EDX-1')
  })

  it('gives a contract that nobody can change', () => {
    expect(Object.isFrozen(defineEvent(declaration))).toBe(true)
  })

  it.each([
    'order',
    'Order.placed',
    'order.',
    '.placed',
    'order..placed',
    'order placed',
    'order.placed.v1',
    'order_x.placed',
    '',
    `a.${'b'.repeat(150)}`,
  ])('refuses the name %p', (name) => {
    expect(() => defineEvent({ ...declaration, name })).toThrow(/must be dotted lower case/)
  })

  it.each(['order.placed', 'mesh.dead-letter-recorded', 'a.b.c'])('takes the name %p', (name) => {
    expect(defineEvent({ ...declaration, name }).name).toBe(name)
  })

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses the version %p', (version) => {
    expect(() => defineEvent({ ...declaration, version })).toThrow(/major version is an integer from 1/)
  })

  it.each(['', 'Payments', 'a b', '-a'])('refuses the owner %p', (owner) => {
    expect(() => defineEvent({ ...declaration, owner })).toThrow(/name the service/)
  })

  it('refuses a personal path that is not in the schema, and names it', () => {
    const personal = ['learner.email', 'learner.mail', 'email']
    expect(() => defineEvent({ ...declaration, personal })).toThrow(
      /marks 'learner\.mail', 'email' as personal/,
    )
  })
})

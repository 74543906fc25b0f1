import {
  type EventContract,
  CONTRACTS,
  sampleEventOf,
  sampleOf,
  toStructured,
  orderPlaced,
  orderSubmitted,
} from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { UsageError } from '../command/usage-error.ts'
import { postedV1, postedV2, stamped } from './letter.fixture.ts'
import { readEvent } from './read-event.ts'

const known = (contracts: readonly object[]) =>
  new Map((contracts as readonly EventContract[]).map((contract) => [contract.type, contract]))

const OURS = known(CONTRACTS)

const read = (value: unknown, type?: string, contracts: ReadonlyMap<string, EventContract> = OURS) => {
  const { event, contract } = readEvent(JSON.stringify(value), type, contracts)
  return { type: contract.type, source: event.source, data: event.data }
}

const failing = (work: () => unknown): string => {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof UsageError) return `${thrown.message} ${thrown.hint ?? ''}`.trim()
    throw thrown
  }
  return 'nothing was thrown'
}

const order = {
  orderNumber: 'EDX-100001',
  placedAt: '2026-01-02T03:04:05Z',
  learner: { username: 'alice' },
  currency: 'USD',
  total: 14_900,
  lines: [
    {
      lineId: '1',
      kind: 'seat',
      courseId: 'course-v1:edX+DemoX+Demo_Course',
      mode: 'verified',
      price: 14_900,
    },
  ],
  payment: { status: 'captured', provider: 'stripe', reference: 'pi_1' },
}

describe('what is asked about', () => {
  it('may be an event', () => {
    const event = sampleEventOf(orderPlaced, { source: '/partner' })
    const found = readEvent(toStructured(event), undefined, OURS)
    expect(found.contract.type).toBe('order.placed.v1')
    expect(found.event).toMatchObject({ id: 'e-1', source: '/partner', data: sampleOf(orderPlaced) })
    expect(readEvent(toStructured(event), 'order.placed.v1', OURS).contract.type).toBe('order.placed.v1')
  })

  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    'may be the data of %s, of which its owner is taken for the producer',
    (type, contract) =>
      expect(read(sampleOf(contract))).toEqual({
        type,
        source: `/commerce-mesh/${contract.owner}`,
        data: sampleOf(contract),
      }),
  )

  it('may be an order as a storefront hands it in', () =>
    expect(read(order)).toEqual({
      type: orderSubmitted.type,
      source: '/commerce-mesh/gateway',
      data: { ...order, submittedBy: 'example-shop', channel: 'orders' },
    }))

  it('may be data that breaks the contract that is named: that is shown then', () =>
    expect(read({ id: 3 }, 'order.placed.v1')).toMatchObject({ type: 'order.placed.v1', data: { id: 3 } }))
})

describe('what is asked about and can’t be told', () => {
  const letters = known([postedV1, postedV2, stamped])

  it.each<[string, () => unknown, RegExp]>([
    [
      'no JSON',
      () => readEvent('{', undefined, OURS),
      /^What was given is not valid JSON\. FILE is the JSON of/,
    ],
    [
      'nothing that is known',
      () => read({ a: 1 }),
      /^This is no event, no order, and the data of no event .*--type TYPE/,
    ],
    ['a list', () => read([order]), /^This is no event/],
    ['null', () => read(null), /^This is no event/],
    [
      'an unknown type',
      () => read({}, 'order.plcaed.v1'),
      /^There is no event 'order\.plcaed\.v1'\. Did you mean 'order\.placed\.v1'\?$/,
    ],
    [
      'a type that is nowhere near',
      () => read({}, 'x', letters),
      /One of: letter\.posted\.v1, letter\.posted\.v2, letter\.stamped\.v1$/,
    ],
    [
      'data of several events',
      () => read({ id: '1' }, undefined, known([stamped, { ...stamped, type: 'letter.lost.v1' }])),
      /^This may be the data of letter\.stamped\.v1 or letter\.lost\.v1\..*--type TYPE/,
    ],
    [
      'an event of another type than is said',
      () => readEvent(toStructured(sampleEventOf(orderPlaced)), 'order.submitted.v1', OURS),
      /^The event is of type order\.placed\.v1, and --type says order\.submitted\.v1\. Leave --type out\.$/,
    ],
    [
      'an event of an unknown type',
      () =>
        readEvent(toStructured({ ...sampleEventOf(orderPlaced), type: 'order.placed.v3' }), undefined, OURS),
      /^There is no event 'order\.placed\.v3'\. Did you mean/,
    ],
  ])('%s', (_name, work, expected) => expect(failing(work)).toMatch(expected))

  it('is an event that is none: told with what is wrong with it', () =>
    expect(() => read({ specversion: '1.0', type: 'order.placed.v1' })).toThrow(
      expect.objectContaining({ name: 'EventFormatError' }),
    ))

  it('repeats nothing of what was given', () => {
    expect(failing(() => read({ hidden: 'hidden' }))).not.toContain('hidden')
    expect(failing(() => readEvent('{"hidden', undefined, OURS))).not.toContain('hidden')
  })
})

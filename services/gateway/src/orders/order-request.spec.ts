import { describe, expect, it } from '@jest/globals'
import { orderSubmitted } from '@commerce-mesh/contracts'
import { z } from 'zod'
import { fieldErrors } from '../problem/field-errors.ts'
import { Refusal } from '../problem/refusal.ts'
import { orderEventId } from './accept-order.ts'
import { demandPlausibleDate, orderRequest } from './order-request.ts'

const LINE = {
  lineId: '1',
  kind: 'seat',
  courseId: 'course-v1:edX+DemoX+Demo_Course',
  mode: 'verified',
  price: 14_900,
}
const ORDER = {
  orderNumber: 'EDX-100001',
  placedAt: '2026-11-21T12:00:00Z',
  learner: { lmsUserId: 4, username: 'alice', email: 'alice@example.com' },
  currency: 'USD',
  total: 14_900,
  lines: [LINE],
  payment: { status: 'captured', provider: 'invoice', reference: 'INV-1' },
}

const compiled = z.compile(orderRequest)

const errorsOf = (body: unknown) => {
  const parsed = orderRequest.safeParse(body)
  return parsed.success ? [] : fieldErrors(parsed.error, orderRequest, body)
}

const submitted = (body: unknown) => ({
  ...compiled.parse(body),
  submittedBy: 'storefront',
  channel: 'orders' as const,
})

describe('orderRequest', () => {
  it('takes the native body, and what it makes is order.submitted', () => {
    expect(errorsOf(ORDER)).toEqual([])
    expect(orderSubmitted.data.safeParse(submitted(ORDER)).success).toBe(true)
  })

  it('does not ask the prices to add up: there are discounts and taxes', () => {
    expect(errorsOf({ ...ORDER, total: 1 })).toEqual([])
  })

  it.each([
    ['total', { total: null }],
    ['total', { total: 149.5 }],
    ['total', { total: -1 }],
    ['total', { total: '14900' }],
    ['currency', { currency: 'usd' }],
    ['currency', { currency: undefined }],
    ['lines', { lines: [] }],
    ['lines', { lines: [LINE, LINE] }],
    ['lines.0.price', { lines: [{ ...LINE, price: null }] }],
    ['lines.0.courseId', { lines: [{ ...LINE, courseId: 'demo' }] }],
    ['learner', { learner: {} }],
    ['learner.email', { learner: { email: 'alice' } }],
    ['orderNumber', { orderNumber: 'EDX 1' }],
    ['placedAt', { placedAt: '2026-11-21' }],
    ['payment.status', { payment: { ...ORDER.payment, status: 'refunded' } }],
  ])('refuses %s in %j', (path, change) => {
    expect(errorsOf({ ...ORDER, ...change }).map((error) => error.path)).toEqual([path])
  })

  it('names the nearest known field for an unknown one, at any depth', () => {
    const body = {
      ...ORDER,
      emailOptin: true,
      lines: [{ ...LINE, course_id: 'x' }],
      learner: { ...ORDER.learner, userName: 'x' },
    }
    expect(errorsOf(body)).toEqual([
      { path: 'learner.userName', message: "unknown field; did you mean 'username'?" },
      { path: 'lines.0.course_id', message: "unknown field; did you mean 'courseId'?" },
      { path: 'emailOptin', message: "unknown field; did you mean 'emailOptIn'?" },
    ])
  })

  it('says of a field that is not there that it is missing, whatever its type', () => {
    const { orderNumber: _, total: __, ...order } = ORDER
    const { status: ___, ...payment } = ORDER.payment
    expect(errorsOf({ ...order, payment })).toEqual([
      { path: 'orderNumber', message: 'is missing' },
      { path: 'total', message: 'is missing' },
      { path: 'payment.status', message: 'is missing' },
    ])
    expect(errorsOf({ ...ORDER, total: null })).not.toContainEqual({ path: 'total', message: 'is missing' })
  })

  it.each([[[]], ['x'], [null], [7]])('calls the whole of %j the body', (body) => {
    expect(errorsOf(body)).toEqual([{ path: 'body', message: 'must be a JSON object' }])
  })

  it('refuses a __proto__ field', () => {
    const body: unknown = JSON.parse(`{"__proto__":{"total":1},${JSON.stringify(ORDER).slice(1)}`)
    expect(errorsOf(body)).toEqual([{ path: '__proto__', message: 'unknown field' }])
  })

  it('never shows a value of the body', () => {
    const body = {
      ...ORDER,
      learner: { lmsUserId: 'secret-1', username: 7, email: 'secret-2' },
      payment: { status: 'secret-3', provider: 'Secret-4', reference: '' },
    }
    expect(errorsOf(body).length).toBeGreaterThan(4)
    expect(JSON.stringify(errorsOf(body))).not.toMatch(/secret/i)
  })
})

describe('orderEventId', () => {
  it('is the same for the same order, however its fields are ordered, and a UUID', () => {
    const turned = JSON.stringify(
      ORDER,
      Object.keys({ ...LINE, ...ORDER.learner, ...ORDER.payment, ...ORDER }).toReversed(),
    )
    const parsed: unknown = JSON.parse(turned)
    expect(Object.keys(parsed as object)).not.toEqual(Object.keys(ORDER))
    expect(orderEventId(submitted(parsed))).toBe(orderEventId(submitted(ORDER)))
    expect(orderEventId(submitted(ORDER))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })

  it('takes a reference that is null and one that is left out as the same', () => {
    const left = { ...ORDER, payment: { status: 'pending', provider: 'stripe' } }
    const none = { ...ORDER, payment: { status: 'pending', provider: 'stripe', reference: null } }
    expect(orderEventId(submitted(left))).toBe(orderEventId(submitted(none)))
  })

  it('differs by caller, channel and any field', () => {
    const order = submitted(ORDER)
    const ids = [
      order,
      { ...order, submittedBy: 'partner' },
      { ...order, channel: 'titan' as const },
      { ...order, total: 1 },
      { ...order, orderNumber: 'EDX-2' },
    ].map(orderEventId)
    expect(new Set(ids).size).toBe(5)
  })
})

describe('demandPlausibleDate', () => {
  const placed = (placedAt: string) => () =>
    demandPlausibleDate({ ...compiled.parse(ORDER), placedAt }, new Date('2026-11-21T12:00:00Z'))

  it('takes 24 hours ahead and no more', () => {
    expect(placed('2026-11-22T12:00:00Z')).not.toThrow()
    expect(placed('2026-11-22T13:00:00+01:00')).not.toThrow()
    expect(placed('2026-11-22T12:00:00.001Z')).toThrow(Refusal)
  })
})

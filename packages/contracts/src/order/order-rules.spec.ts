import { describe, expect, it } from '@jest/globals'
import type { Finding } from '../cloud-events/format-error.ts'
import { EventFormatError } from '../cloud-events/format-error.ts'
import { paymentCaptured } from '../payment/payment-captured.ts'
import { sampleOf } from '../samples.ts'
import { validateData } from '../validation/validate.ts'
import { courseId, courseMode, learner, orderNumber, paymentProvider } from './fields.ts'
import { orderPlaced } from './order-placed.ts'
import { orderSubmitted } from './order-submitted.ts'

const findingsOf = (act: () => unknown): readonly Finding[] => {
  try {
    act()
  } catch (error) {
    if (error instanceof EventFormatError) return error.findings
    throw error
  }
  return []
}

const submitted = (members: object) =>
  findingsOf(() => validateData(orderSubmitted, { ...sampleOf(orderSubmitted), ...members }))
const placed = (members: object) =>
  findingsOf(() => validateData(orderPlaced, { ...sampleOf(orderPlaced), ...members }))
const line = sampleOf(orderPlaced).lines[0]

describe('lines of an order', () => {
  it('have distinct ids', () => {
    const message = 'lineId must be unique within the order'
    expect(placed({ lines: [line, { ...line, courseId: 'course-v1:edX+Other+Run' }] })).toEqual([
      { path: 'lines', message },
    ])
    expect(placed({ lines: [line, { ...line, lineId: '2' }] })).toEqual([])
  })

  it('are one to a hundred', () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, nth) => ({ ...line, lineId: String(nth) }))
    expect(placed({ lines: [] })).toEqual([{ path: 'lines', message: 'must not be empty' }])
    expect(placed({ lines: lines(100) })).toEqual([])
    expect(placed({ lines: lines(101) })).toEqual([{ path: 'lines', message: 'must have at most 100 items' }])
  })

  it('may have no price, and may name a credit provider', () => {
    expect(
      placed({ lines: [{ ...line, price: null, mode: 'credit', creditProvider: 'example-university' }] }),
    ).toEqual([])
  })
})

describe('money of an order', () => {
  it('may be unknown altogether, as from the 2023 Coordinator endpoint', () => {
    const unknown = { currency: null, total: null }
    expect(placed({ ...unknown, lines: [{ ...line, price: null }] })).toEqual([])
    expect(
      findingsOf(() => validateData(paymentCaptured, { ...sampleOf(paymentCaptured), ...unknown })),
    ).toEqual([])
  })

  it('has a currency where there is an amount', () => {
    const finding = { path: 'currency', message: 'must be given where there is an amount' }
    expect(placed({ currency: null })).toEqual([finding])
    expect(placed({ currency: null, total: null })).toEqual([finding])
    const captured = { ...sampleOf(paymentCaptured), currency: null }
    expect(findingsOf(() => validateData(paymentCaptured, captured))).toEqual([finding])
  })

  it('is known while the payment is pending, to be compared with what comes in', () => {
    const unknown = { currency: null, total: null, lines: [{ ...line, price: null }] }
    const payment = { provider: 'stripe', reference: null }
    expect(submitted({ ...unknown, payment: { ...payment, status: 'captured' } })).toEqual([])
    expect(submitted({ ...unknown, payment: { ...payment, status: 'pending' } })).toEqual([
      {
        path: 'total',
        message: 'a pending payment needs total and currency, to be compared with what the provider captured',
      },
    ])
  })
})

describe('learner', () => {
  it.each([{ lmsUserId: 7 }, { username: 'alice' }, { email: 'alice@example.org' }])(
    'is found by %j',
    (who) => {
      expect(learner.safeParse(who).success).toBe(true)
    },
  )

  it('must be named', () => {
    expect(placed({ learner: {} })).toEqual([
      { path: 'learner', message: 'must name the learner by lmsUserId, username or email' },
    ])
  })

  it.each([
    "o'brien@example.org",
    'a&b@example.org',
    'a/b@example.org',
    'a+b@example.org',
    'jürgen@bücher.example',
    'a@localhost',
  ])('may have the address %s, as the LMS may', (email) => {
    expect(learner.safeParse({ email }).success).toBe(true)
  })

  it.each([
    'alice',
    'alice@',
    '@example.org',
    'a b@example.org',
    'a@b@example.org',
    `${'a'.repeat(250)}@b.co`,
  ])('has no address like %p', (email) => {
    expect(placed({ learner: { email } })).toContainEqual({
      path: 'learner.email',
      message: expect.any(String),
    })
  })

  it.each(['a\ud800', '\udc00a', 'a\u0000', 'a\nb', 'a\u007f', 'a\u0085'])('has no name like %j', (name) => {
    const message = 'must be well-formed Unicode without control characters'
    expect(placed({ learner: { username: name } })).toEqual([{ path: 'learner.username', message }])
    expect(learner.safeParse({ email: `${name}@example.org` }).success).toBe(false)
  })

  it.each(['Jürgen', 'a b', '学生', '\u{1f600}'])('may have the name %s', (username) => {
    expect(learner.safeParse({ username }).success).toBe(true)
  })

  it.each([0, -1, 1.5, '7'])('has no LMS id like %p', (lmsUserId) => {
    expect(learner.safeParse({ lmsUserId }).success).toBe(false)
  })
})

describe('names', () => {
  it.each(['EDX-100001', '2U-000001', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', '1234'])(
    '%p is an order number',
    (text) => {
      expect(orderNumber.safeParse(text).success).toBe(true)
    },
  )

  it.each(['', '-1', 'EDX 1', 'EDX/1', 'EDX-1\n', 'x'.repeat(65)])('%j is no order number', (text) => {
    expect(orderNumber.safeParse(text).success).toBe(false)
  })

  it.each(['course-v1:edX+DemoX+Demo_Course', 'edX/DemoX/Demo_Course', 'course-v1:Org.1+C-2+2026_T1'])(
    '%p is a course run',
    (text) => {
      expect(courseId.safeParse(text).success).toBe(true)
    },
  )

  it.each(['', 'DemoX', 'course-v1:edX+DemoX', 'course-v1:edX+DemoX+a b', 'edX/DemoX', 'course-v1:a+b+c+d'])(
    '%j is no course run',
    (text) => {
      expect(courseId.safeParse(text).success).toBe(false)
    },
  )

  // interop section 1, "Mode slugs"
  const modes =
    'audit honor verified professional no-id-professional credit masters paid-executive-education ' +
    'unpaid-executive-education paid-bootcamp unpaid-bootcamp executive-education'
  it.each(modes.split(' '))('%p is a course mode', (text) => {
    expect(courseMode.safeParse(text).success).toBe(true)
  })

  it.each(['', 'Verified', 'no id', '-a'])('%j is no course mode', (text) => {
    expect(courseMode.safeParse(text).success).toBe(false)
  })

  it.each(['stripe', 'commerce_tools', 'x-1'])('%p is a provider', (text) => {
    expect(paymentProvider.safeParse(text).success).toBe(true)
  })

  it.each(['', 'Stripe', 'a b'])('%j is no provider', (text) => {
    expect(paymentProvider.safeParse(text).success).toBe(false)
  })
})

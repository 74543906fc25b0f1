import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import Stripe from 'stripe'
import { findSignatureFault } from './signature.ts'

const SECRET = 'whsec_test_secret'
const NOW = 1_795_262_400
const BODY = '{"id":"evt_1","object":"event","name":"Grüße"}'

/** Vectors come from Stripe's own library. */
const sign = (body: string, secret = SECRET, timestamp = NOW) =>
  Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })

const check = (header: string | undefined, more: { body?: string; secrets?: string[]; now?: number } = {}) =>
  findSignatureFault(header, Buffer.from(more.body ?? BODY), {
    secrets: more.secrets ?? [SECRET],
    toleranceSeconds: 300,
    now: more.now ?? NOW,
  })

const v1 = (header: string) => header.split(',')[1] ?? ''

describe('findSignatureFault', () => {
  it('takes what Stripe signed', () => expect(check(sign(BODY))).toBeUndefined())

  it('agrees with Stripe for any body', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 8 }), (body, secret) => {
        expect(check(sign(body, secret), { body, secrets: [secret] })).toBeUndefined()
      }),
    )
  })

  it('refuses a body that was changed by one byte', () => {
    expect(check(sign(BODY), { body: BODY.replace('evt_1', 'evt_2') })).toBe('wrong')
    expect(check(sign(BODY), { body: `${BODY} ` })).toBe('wrong')
  })

  it('refuses the signature of another secret', () => expect(check(sign(BODY, 'whsec_other'))).toBe('wrong'))

  it('refuses a timestamp that was changed: it is signed too', () => {
    expect(check(sign(BODY, SECRET, NOW - 400).replace(`t=${NOW - 400}`, `t=${NOW}`))).toBe('wrong')
  })

  it('takes a signature that is 300 s old and refuses one of 301 s', () => {
    expect(check(sign(BODY, SECRET, NOW - 300))).toBeUndefined()
    expect(check(sign(BODY, SECRET, NOW - 301))).toBe('too old')
  })

  it('takes any one of many signatures', () => {
    const wrong = v1(sign(BODY, 'whsec_other'))
    expect(check(`t=${NOW},${wrong},${v1(sign(BODY))},v0=abc`)).toBeUndefined()
    expect(check(`t=${NOW},${wrong},${wrong}`)).toBe('wrong')
  })

  it('takes any one of many secrets, as while one is being replaced', () => {
    expect(check(sign(BODY), { secrets: ['whsec_new', SECRET] })).toBeUndefined()
    expect(check(sign(BODY), { secrets: [] })).toBe('wrong')
  })

  it.each([undefined, ''])('calls the header %j missing', (header) => expect(check(header)).toBe('missing'))

  it.each([
    'v1=00',
    `t=${NOW}`,
    `t=,v1=${'0'.repeat(64)}`,
    `t=12e3,v1=${'0'.repeat(64)}`,
    `t=${NOW},v1=${'0'.repeat(63)}`,
    `t=${NOW},v1=${'g'.repeat(64)}`,
    `t=${NOW},v0=${'0'.repeat(64)}`,
    `t=${NOW},v1=${'0'.repeat(64)}${','.repeat(5_000)}`,
    'nonsense',
  ])('calls the header %j unreadable', (header) => expect(check(header)).toBe('unreadable'))

  it('never takes a signature that it did not make itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (signature) => {
        expect(check(`t=${NOW},v1=${signature}`)).toBe('wrong')
      }),
    )
  })
})

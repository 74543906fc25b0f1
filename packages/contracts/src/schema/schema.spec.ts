import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { defineEvent } from '../event.ts'
import { deadLetterRecorded } from '../operations/dead-letter-recorded.ts'
import { orderPlaced } from '../order/order-placed.ts'
import { orderSubmitted } from '../order/order-submitted.ts'
import { paymentNotified } from '../payment/payment-notified.ts'
import { CONTRACTS } from '../registry.ts'
import { admits } from './admits.ts'
import { fieldsOf, isRequired, schemasAt } from './fields.ts'
import { keyPathsOf } from './key-paths.ts'
import { jsonSchemaOf } from './published-schema.ts'

const keyed = (key: (data: { id: string; more: { n: number } }) => string) =>
  defineEvent({
    name: 'a.b',
    version: 1,
    owner: 'c',
    summary: 'd',
    data: z.strictObject({ id: z.string(), more: z.strictObject({ n: z.int() }) }),
    key,
  })

describe('a published schema', () => {
  it('says what the contract says', () => {
    const schema = jsonSchemaOf(orderPlaced)
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'order.placed.v1',
      description: orderPlaced.summary,
      'x-owner': 'payments',
      'x-key': ['orderNumber'],
      'x-personal': ['learner.username', 'learner.email'],
      additionalProperties: false,
    })
  })

  it('tells rules that JSON Schema can’t express in words', () => {
    const schema = jsonSchemaOf(orderPlaced)
    expect(schema['x-rules']).toEqual(['currency: must be given where there is an amount'])
    expect(schema.properties?.['learner']?.['x-rules']).toEqual([
      'must name the learner by lmsUserId, username or email',
    ])
    expect(schemasAt(schema, 'currency').flatMap((node) => node['x-rules'] ?? [])).toEqual([
      'must be an ISO 4217 currency code in upper case, such as USD',
    ])
  })

  it.each(CONTRACTS.map((contract) => [contract.type, contract] as const))(
    '%s is plain JSON',
    (_type, contract) => {
      const schema = jsonSchemaOf(contract)
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    },
  )
})

describe('the key of a contract', () => {
  it('is told by the fields that it reads', () => {
    expect(keyPathsOf(orderPlaced)).toEqual(['orderNumber'])
    expect(keyPathsOf(deadLetterRecorded)).toEqual(['key'])
    expect(keyPathsOf(keyed(({ id, more }) => `${id}/${more.n}`))).toEqual(['id', 'more.n'])
    expect(keyPathsOf(keyed(({ id }) => id.toUpperCase()))).toEqual(['id.toUpperCase'])
    expect(keyPathsOf(keyed(() => 'all'))).toEqual([])
  })
})

describe('fields', () => {
  const schema = jsonSchemaOf(orderPlaced)

  it('are listed with their paths', () => {
    expect(fieldsOf(schema)).toEqual(
      expect.arrayContaining(['orderNumber', 'learner', 'learner.email', 'lines', 'lines.*.mode']),
    )
    expect(fieldsOf(schema)).not.toContain('lines.mode')
  })

  it('of a schema that contains itself have an end', () => {
    const tree: z.ZodType = z.lazy(() => z.strictObject({ name: z.string(), inner: z.array(tree) }))
    const { $schema: _, ...node } = z.toJSONSchema(tree)
    expect(fieldsOf(node as never).length).toBeLessThan(40)
  })

  it.each([
    ['orderNumber', true],
    ['learner.email', false],
    ['payment.provider', true],
    ['emailOptIn', false],
    ['nothing', false],
  ])('%s is required: %s', (path, required) => expect(isRequired(schema, path)).toBe(required))
})

describe('admits', () => {
  it.each([
    ['currency', 'USD', true],
    ['currency', 'usd', false],
    ['currency', null, true],
    ['total', 14_900, true],
    ['total', '14900', false],
    ['total', -1, false],
    ['lines.*.kind', 'seat', true],
    ['lines.*.kind', 'book', false],
    ['lines.*.mode', 'verified', true],
    ['lines', 'verified', false],
    ['payment.status', 'captured', true],
    ['payment.status', 'paid', false],
    ['payment.state', 'captured', false],
  ])('%s %p: %s', (path, value, admitted) => expect(admits(orderSubmitted, path, value)).toBe(admitted))

  it('takes any of several schemas', () => {
    const contract = defineEvent({
      name: 'a.b',
      version: 1,
      owner: 'c',
      summary: 'd',
      data: z.union([
        z.strictObject({ id: z.string(), size: z.enum(['s', 'm']) }),
        z.strictObject({ id: z.string(), size: z.int() }),
      ]),
      key: ({ id }) => id,
    })
    expect(['s', 3, 'x', 1.5].map((value) => admits(contract, 'size', value))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(admits(paymentNotified, 'kind', 'refunded')).toBe(true)
  })

  it.each([
    ['waits', z.string().refine(async () => false)],
    [
      'throws',
      z.string().refine(() => {
        throw new Error('a rule of a plugin')
      }),
    ],
  ])('takes what a rule that %s can say nothing of', (_what, size) => {
    const contract = defineEvent({
      name: 'a.b',
      version: 1,
      owner: 'c',
      summary: 'd',
      data: z.strictObject({ id: z.string(), size }),
      key: ({ id }) => id,
    })
    expect(admits(contract, 'size', 's')).toBe(true)
  })
})

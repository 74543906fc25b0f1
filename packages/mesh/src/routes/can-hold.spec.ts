import { defineEvent, fieldsOf, jsonSchemaOf, orderPlaced, orderSubmitted } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { conditionProblems } from './can-hold.ts'
import { type Condition, type Scalar, compileCondition } from './condition.ts'

const found = (contract: EventContract, condition: Condition) =>
  conditionProblems(contract, condition, []).map(
    ({ code, path, message, fix }) => `${code} ${path.join('.')}: ${message} ${fix}`,
  )

const placed = (condition: Condition) => found(orderPlaced as unknown as EventContract, condition)
const submitted = (condition: Condition) => found(orderSubmitted as unknown as EventContract, condition)

describe('a condition held against a contract', () => {
  it.each<Condition>([
    { field: 'currency', equals: 'USD' },
    { field: 'currency', equals: null },
    { field: 'lines.*.kind', equals: 'seat' },
    { field: 'total', in: [0, 14_900, null] },
    { field: 'learner.email', prefix: 'alice' },
    { field: 'learner', exists: true },
    { field: 'emailOptIn', exists: false },
    { field: 'total', exists: false },
    { field: 'lines.*.creditProvider', exists: false },
    { not: { field: 'emailOptIn', exists: true } },
    {
      any: [
        { field: 'currency', equals: 'USD' },
        { field: 'currency', equals: 'EUR' },
      ],
    },
  ])('%j may hold', (condition) => expect(placed(condition)).toEqual([]))

  it.each<[Condition, RegExp]>([
    [
      { field: 'curency', exists: true },
      /^MESH_ROUTE_FIELD_UNKNOWN field: .* no field 'curency'.*'currency'\?$/,
    ],
    [{ field: 'lines.0.mode', exists: true }, /FIELD_UNKNOWN.*'lines\.\*\.mode'/],
    [{ field: 'username', exists: true }, /It stands elsewhere: 'learner\.username'/],
    [{ field: 'warehouse', exists: true }, /Its fields: orderNumber, placedAt, learner,/],
    [{ field: 'currency', equals: 'usd' }, /^MESH_ROUTE_NEVER equals: .*ISO 4217/],
    [{ field: 'currency', equals: 840 }, /it is text or null\./],
    [{ field: 'total', equals: '14900' }, /it is a whole number or null\./],
    [{ field: 'total', equals: 1.5 }, /it is a whole number or null\./],
    [{ field: 'total', equals: -1 }, /it is a whole number, 0 or more\./],
    [{ field: 'emailOptIn', equals: 'true' }, /it is true or false\./],
    [{ field: 'placedAt', equals: 'yesterday' }, /it is a date and time, such as 2026/],
    [{ field: 'learner.email', equals: 'alice' }, /it is an e-mail address\./],
    [{ field: 'learner.username', equals: 'a\u0000b' }, /must be well-formed Unicode/],
    [{ field: 'orderNumber', equals: 'EDX 1' }, /it is text of the form \^\[A-Za-z0-9\]/],
    [{ field: 'orderNumber', equals: 'X'.repeat(65) }, /it has at most 64 characters\./],
    [{ field: 'lines', equals: 'verified' }, /it is a list: look at its items with `\.\*`/],
    [{ field: 'learner', equals: 'alice' }, /it is a section: look at a field of it/],
    [{ field: 'lines.*.kind', equals: 'seats' }, /it is one of seat\. Did you mean 'seat'\?/],
    [{ field: 'currency', in: ['USD', 'eur'] }, /^MESH_ROUTE_NEVER in\.1: /],
    [{ field: 'total', prefix: '149' }, /prefix: total .* has no beginning: it is a whole number or null/],
    [{ field: 'lines.*.kind', prefix: 'b' }, /prefix: .*it is one of seat/],
    [{ field: 'orderNumber', exists: false }, /exists: orderNumber is in every order\.placed\.v1\./],
    [{ not: { field: 'orderNumber', exists: true } }, /not\.exists: orderNumber is in every/],
    [{ any: [{ not: { field: 'currency', equals: 'usd' } }] }, /any\.0\.not\.equals: /],
  ])('%j can’t', (condition, expected) =>
    expect(placed(condition)).toEqual([expect.stringMatching(expected)]),
  )

  it('looks for contradictions only where the parts are sound by themselves', () => {
    expect(
      placed({
        all: [
          { field: 'currency', equals: 'usd' },
          { field: 'currency', equals: 'EUR' },
        ],
      }),
    ).toHaveLength(1)
    expect(
      submitted({
        all: [
          { field: 'payment.status', equals: 'captured' },
          { field: 'payment.status', equals: 'pending' },
        ],
      }),
    ).toEqual([expect.stringMatching(/^MESH_ROUTE_NEVER all\.1: payment\.status can’t be this and what/)])
  })

  it('tells no value that was compared with', () =>
    expect(placed({ field: 'learner.email', equals: 'hidden' }).join()).not.toContain('hidden'))
})

const seat = defineEvent({
  name: 'seat.booked',
  version: 1,
  owner: 'seats',
  summary: 'A seat is booked.',
  key: ({ id }) => id,
  data: z.strictObject({
    id: z.string().min(1),
    size: z.enum(['s', 'm', 'l']),
    row: z.int().min(0).max(3),
    code: z.string().regex(/^[A-C]{2}$/),
    free: z.boolean(),
    note: z.string().nullable().optional(),
    any: z.union([z.enum(['x', 'y']), z.int(), z.string().min(3)]),
    guest: z.strictObject({ name: z.string().optional(), kind: z.literal('vip') }).optional(),
    extras: z.array(z.strictObject({ mode: z.enum(['a', 'b']), price: z.int().nullable() })),
    marks: z.record(z.string(), z.enum(['on', 'off'])),
    way: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('mail'), to: z.string() }),
      z.strictObject({ by: z.literal('post'), weight: z.int() }),
    ]),
  }),
})

const contract = seat as unknown as EventContract

const word = fc.constantFrom('x', 'xy', 'AB', 'vip', 's', 'mail', 'words')

const sample: fc.Arbitrary<z.output<typeof seat.data>> = fc.record(
  {
    id: word,
    size: fc.constantFrom('s', 'm', 'l'),
    row: fc.integer({ min: 0, max: 3 }),
    code: fc.constantFrom('AA', 'AB', 'CC'),
    free: fc.boolean(),
    note: fc.option(word),
    any: fc.oneof(fc.constantFrom('x' as const, 'y' as const), fc.integer(), fc.constant('words')),
    guest: fc.record({ name: word, kind: fc.constant('vip' as const) }, { requiredKeys: ['kind'] }),
    extras: fc.array(
      fc.record({ mode: fc.constantFrom('a', 'b'), price: fc.option(fc.integer({ min: -1, max: 3 })) }),
      { maxLength: 3 },
    ),
    marks: fc.dictionary(word, fc.constantFrom('on', 'off'), { maxKeys: 2 }),
    way: fc.oneof(
      fc.record({ by: fc.constant('mail' as const), to: word }),
      fc.record({ by: fc.constant('post' as const), weight: fc.integer() }),
    ),
  },
  { requiredKeys: ['id', 'size', 'row', 'code', 'free', 'any', 'extras', 'marks', 'way'] },
)

const field = fc.constantFrom(...fieldsOf(jsonSchemaOf(contract)))
const scalar = fc.oneof(
  word,
  fc.constantFrom('a', 'on', 'vip', ''),
  fc.integer({ min: -1, max: 4 }),
  fc.boolean(),
  fc.constant(null),
)

const test: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field, equals: scalar }),
  fc.record({ field, in: fc.tuple(scalar) }),
  fc.record({ field, prefix: fc.constantFrom('x', 'A', 'wo', 'q') }),
  fc.record({ field, exists: fc.boolean() }),
)

const isScalar = (value: unknown): value is Scalar => value === null || typeof value !== 'object'

/** Every single value of some data with its path, items as `*`. */
const valuesIn = (value: unknown, path: readonly string[] = []): readonly [string, Scalar][] => {
  if (isScalar(value)) return [[path.join('.'), value]]
  const isList = Array.isArray(value) || path.join() === 'marks'
  return Object.entries(value as object).flatMap(([name, inner]) =>
    valuesIn(inner, [...path, isList ? '*' : name]),
  )
}

/** Tests that hold for some data: of its own values. */
const testsOf = (value: unknown): readonly Condition[] =>
  valuesIn(value).flatMap(([path, own]): readonly Condition[] => [
    { field: path, equals: own },
    { field: path, in: [own] },
    ...(typeof own === 'string' && own !== '' ? [{ field: path, prefix: own.slice(0, 1) }] : []),
    ...(own === null ? [] : [{ field: path, exists: true }]),
  ])

describe('what is said of a condition agrees with what it does', () => {
  it('one that is told never to hold holds for no valid data', () => {
    const told = new Set<string>()
    fc.assert(
      fc.property(test, sample, (condition, value) => {
        expect(seat.data.safeParse(value).success).toBe(true)
        if (found(contract, condition).length === 0) return
        told.add(Object.keys(condition)[1] ?? '')
        expect(compileCondition(condition)(value)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
    expect(told).toEqual(new Set(['equals', 'in', 'prefix', 'exists']))
  })

  it('one that holds for valid data is never told not to, alone or together with others that do', () =>
    fc.assert(
      fc.property(
        sample.chain((value) =>
          fc.tuple(fc.constant(value), fc.shuffledSubarray([...testsOf(value)], { minLength: 1 })),
        ),
        ([value, tests]) => {
          for (const one of tests) {
            expect(compileCondition(one)(value)).toBe(true)
            expect(found(contract, one)).toEqual([])
          }
          const single = tests.filter((one) => 'field' in one && !one.field.includes('*'))
          expect(found(contract, { all: single })).toEqual([])
        },
      ),
      { numRuns: 300 },
    ))
})

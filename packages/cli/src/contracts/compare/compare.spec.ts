import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { sentenceOf } from './change/change.ts'
import { compare } from './compare.ts'

const schemaOf = (data: z.ZodType) => z.toJSONSchema(data, { io: 'input' })

/** `new:yes old:no field path …` of each change between two schemas. */
const told = (old: object, next: object) =>
  compare(old, next).map(
    (change) => `new:${change.newReaders} old:${change.oldReaders} ${sentenceOf(change)}`,
  )

const between = (old: z.ZodType, next: z.ZodType) => told(schemaOf(old), schemaOf(next))

const field = (of: z.ZodType) => z.strictObject({ f: of })

const card = z.strictObject({ kind: z.literal('card'), last4: z.string() })
const invoice = z.strictObject({ kind: z.literal('invoice'), number: z.string() })
const cash = z.strictObject({ kind: z.literal('cash') })

describe('a field', () => {
  const shop = z.strictObject({ a: z.string(), b: z.int() })

  it.each([
    ['new, optional', shop.extend({ c: z.int().optional() }), 'new:yes old:no field c is new and optional'],
    [
      'new, with a default',
      shop.extend({ c: z.int().default(1) }),
      'new:yes old:no field c is new and optional',
    ],
    ['new, required', shop.extend({ c: z.int() }), 'new:no old:no field c is new and required'],
    ['gone', shop.omit({ a: true }), 'new:no old:no field a is gone; it was required'],
    ['renamed', shop.omit({ a: true }).extend({ z: z.string() }), 'new:no old:no field a renamed to z'],
    ['optional now', shop.partial({ a: true }), 'new:yes old:no field a is optional now; it was required'],
    [
      'of another type',
      shop.extend({ a: z.boolean() }),
      'new:no old:no field a was text, is now true or false',
    ],
    ['nullable now', shop.extend({ a: z.string().nullable() }), 'new:yes old:no field a may also be null'],
  ])('that is %s', (_case, next, expected) => expect(between(shop, next)).toEqual([expected]))

  it('that is required now, or gone where it was optional', () => {
    const loose = shop.partial()
    expect(between(loose, loose.required({ a: true }))).toEqual([
      'new:no old:yes field a is required now; it was optional',
    ])
    expect(between(loose, loose.omit({ a: true }))).toEqual([
      'new:no old:yes field a is gone; it was optional',
    ])
  })

  it('that is renamed is paired with the nearest name of the same schema', () => {
    const old = z.strictObject({ phone: z.string(), size: z.int() })
    const next = z.strictObject({ note: z.string(), phoneNumber: z.string(), size: z.int() })
    expect(between(old, next)).toEqual([
      'new:no old:no field phone renamed to phoneNumber',
      'new:no old:no field note is new and required',
    ])
  })

  it('whose schema changed with its name is not taken for renamed', () => {
    const next = shop.omit({ a: true }).extend({ z: z.int() })
    expect(between(shop, next)).toEqual([
      'new:no old:no field a is gone; it was required',
      'new:no old:no field z is new and required',
    ])
  })

  it('that is no longer required under its new name is not taken for renamed', () => {
    const next = shop.omit({ a: true }).extend({ z: z.string().optional() })
    expect(between(shop, next)).toEqual([
      'new:no old:no field a is gone; it was required',
      'new:yes old:no field z is new and optional',
    ])
  })

  it('with another default is taken as before, and read in another way', () => {
    const [change] = compare(schemaOf(field(z.int().default(1))), schemaOf(field(z.int().default(2))))
    expect(change).toMatchObject({
      kind: 'default',
      newReaders: 'yes',
      oldReaders: 'yes',
      severity: 'warning',
    })
    expect(change?.what).toBe('means 2 where it is left out; it meant 1')
  })

  it('of any other name may be taken', () => {
    const open = z.looseObject({ a: z.string() })
    const closed = z.strictObject({ a: z.string() })
    expect(between(closed, open)).toEqual(['new:yes old:no field * may now be a field of any other name'])
    expect(between(open, closed)).toEqual([
      'new:no old:yes field * may no longer be a field of any other name',
    ])
  })
})

describe('a value', () => {
  it.each([
    [
      'wider text',
      z.string().max(5),
      z.string().max(9),
      'new:yes old:no',
      'was text of at most 5 characters, is now text of at most 9 characters',
    ],
    [
      'narrower text',
      z.string(),
      z.string().min(1),
      'new:no old:yes',
      'was text, is now text of at least 1 character',
    ],
    [
      'text with a bound that its pattern shows to matter',
      z.string().regex(/^[a-z]+$/),
      z
        .string()
        .regex(/^[a-z]+$/)
        .max(9),
      'new:no old:yes',
      'was text that matches ^[a-z]+$, is now text of at most 9 characters that matches ^[a-z]+$',
    ],
    [
      'text with a bound that its pattern may keep',
      z.string().regex(/^x[a-z]{3}y$/),
      z
        .string()
        .regex(/^x[a-z]{3}y$/)
        .max(5),
      'new:unknown old:yes',
      'was text that matches ^x[a-z]{3}y$, is now text of at most 5 characters that matches ^x[a-z]{3}y$',
    ],
    [
      'a form that has no pattern',
      z.string(),
      z.url(),
      'new:unknown old:yes',
      "was text, is now text in the form 'uri'",
    ],
    ['a new enum value', z.enum(['a']), z.enum(['a', 'b']), 'new:yes old:no', "may also be 'b'"],
    [
      'an enum value gone',
      z.enum(['a', 'b', 'c']),
      z.enum(['a']),
      'new:no old:yes',
      "can no longer be 'b' or 'c'",
    ],
    ['an enum made free text', z.enum(['a']), z.string(), 'new:yes old:no', "was 'a', is now text"],
    ['integers only', z.number(), z.int(), 'new:no old:yes', 'was a number, is now an integer'],
    [
      'an end that is no longer in',
      z.number().min(0),
      z.number().gt(0),
      'new:no old:yes',
      'was a number from 0, is now a number above 0',
    ],
    [
      'another end that is no longer in',
      z.number().max(9),
      z.number().lt(9),
      'new:no old:yes',
      'was a number to 9, is now a number below 9',
    ],
    [
      'another range',
      z.int().min(1).max(5),
      z.int().min(2).max(6),
      'new:no old:no',
      'was an integer from 1 to 5, is now an integer from 2 to 6',
    ],
    [
      'coarser steps',
      z.int().multipleOf(2),
      z.int().multipleOf(4),
      'new:no old:yes',
      'was an integer in steps of 2, is now an integer in steps of 4',
    ],
    ['no null', z.int().nullable(), z.int(), 'new:no old:yes', 'can no longer be null'],
    ['one more alternative', z.int(), z.union([z.int(), z.string()]), 'new:yes old:no', 'may also be text'],
    [
      'shorter lists',
      z.array(z.int()),
      z.array(z.int()).max(3),
      'new:no old:yes',
      'had any number of items, has now at most 3 items',
    ],
  ])('%s', (_case, old, next, verdicts, words) =>
    expect(between(field(old), field(next))).toEqual([`${verdicts} field f ${words}`]),
  )

  it.each([
    ['a literal and an enum of one', z.literal('a'), z.enum(['a'])],
    ['alternatives of literals and an enum', z.union([z.literal('a'), z.literal('b')]), z.enum(['b', 'a'])],
    ['bounds written in another way', z.int().gt(0), z.int().min(1)],
    ['null at the other end', z.union([z.null(), z.int()]), z.int().nullable()],
    ['a rule of steps that integers keep', z.int(), z.int().multipleOf(1)],
    ['a tuple and a list of that length', z.tuple([z.int(), z.int()]), z.array(z.int()).length(2)],
    [
      'a record of listed names and an object',
      z.partialRecord(z.enum(['a']), z.int()),
      z.strictObject({ a: z.int().optional() }),
    ],
    ['what is taken by nothing', z.int().min(3).max(2), z.string().min(3).max(2)],
  ])('is the same: %s', (_case, old, next) => expect(between(field(old), field(next))).toEqual([]))
})

describe('a schema that is not zod’s', () => {
  const of = (f: object) => ({ type: 'object', properties: { f }, additionalProperties: false })

  it.each([
    [
      'what all of several take',
      { type: 'number', allOf: [{ type: 'integer' }, { minimum: 1 }] },
      { type: 'integer', minimum: 1 },
    ],
    [
      'a list that ends where nothing may follow',
      { type: 'array', prefixItems: [{ type: 'null' }], items: false },
      { type: 'array', prefixItems: [{ type: 'null' }], items: { type: 'null' }, maxItems: 1 },
    ],
    ['a list of types', { type: ['string', 'null'] }, { anyOf: [{ type: 'null' }, { type: 'string' }] }],
    ['nothing', { not: {} }, false],
    ['anything', {}, true],
    [
      'one of what can’t be both',
      { oneOf: [{ type: 'string' }, { const: 1 }] },
      { anyOf: [{ type: 'string' }, { const: 1 }] },
    ],
    [
      'a type without a name',
      { enum: ['a', 1, null] },
      { anyOf: [{ const: 'a' }, { const: 1 }, { type: 'null' }] },
    ],
  ])('is the same: %s', (_case, old, next) => expect(told(of(old as object), of(next as object))).toEqual([]))

  it('takes exactly one of what may be both: that is a rule', () => {
    const both = [{ type: 'string' }, { type: 'string', minLength: 3 }]
    expect(told(of({ anyOf: both }), of({ oneOf: both }))).toEqual([
      expect.stringMatching(/^new:unknown old:yes field f has the new rule 'takes exactly one of/),
    ])
  })

  it('that refers to nothing is a rule', () => {
    expect(told(of({ type: 'string' }), of({ type: 'string', $ref: '#/$defs/Nowhere' }))).toEqual([
      "new:unknown old:yes field f has the new rule 'reference #/$defs/Nowhere'",
    ])
  })
})

describe('what is further in', () => {
  it('is named by its path, with * for items and for values of a record', () => {
    const old = z.strictObject({
      lines: z.array(z.strictObject({ price: z.int() })),
      notes: z.record(z.string(), z.string()),
      pair: z.tuple([z.int(), z.string()]),
    })
    const next = z.strictObject({
      lines: z.array(z.strictObject({ price: z.int().nullable() })),
      notes: z.record(z.string(), z.int()),
      pair: z.tuple([z.int(), z.int()]),
    })
    expect(between(old, next)).toEqual([
      'new:yes old:no field lines.*.price may also be null',
      'new:no old:no field notes.* was text, is now an integer',
      'new:no old:no field pair.1 was text, is now an integer',
    ])
  })

  it('is told of the alternative it is in', () => {
    const next = invoice.extend({ number: z.int() })
    expect(
      between(
        field(z.discriminatedUnion('kind', [card, invoice])),
        field(z.discriminatedUnion('kind', [card, next])),
      ),
    ).toEqual(["new:no old:no field f.number was text, is now an integer where kind is 'invoice'"])
  })

  it('may be an alternative that came or went', () => {
    const two = field(z.discriminatedUnion('kind', [card, invoice]))
    const three = field(z.discriminatedUnion('kind', [card, invoice, cash]))
    expect(between(two, three)).toEqual(["new:yes old:no field f has a new alternative where kind is 'cash'"])
    expect(between(three, two)).toEqual([
      "new:no old:yes field f no longer has the alternative where kind is 'cash'",
    ])
  })

  it('ends in recursive schemas', () => {
    type Tree = { value: number; children: Tree[] }
    const tree = (value: z.ZodType<number>): z.ZodType<Tree> =>
      z.lazy(() => z.strictObject({ value, children: z.array(made) }))
    let made = tree(z.int())
    const old = schemaOf(field(made))
    made = tree(z.int().min(0))
    expect(told(old, schemaOf(field(made)))).toEqual([
      'new:no old:yes field f.value was an integer, is now an integer from 0',
    ])
  })

  it('is found behind references, and in what all of several schemas take', () => {
    const old = {
      $ref: '#/$defs/A',
      $defs: { A: { type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: false } },
    }
    const next = structuredClone(old)
    const strict = {
      type: 'object',
      properties: { n: { allOf: [{ type: 'integer' }, { minimum: 3 }] } },
      additionalProperties: false,
    }
    expect(told(old, { ...next, $defs: { A: strict } })).toEqual([
      'new:no old:yes field n was an integer, is now an integer from 3',
    ])
  })

  it('that can’t be looked into is a rule, known by its words', () => {
    const of = (f: object) => ({ type: 'object', properties: { f }, additionalProperties: false })
    const list = { type: 'array', items: { type: 'integer' } }
    expect(told(of(list), of({ ...list, uniqueItems: true }))).toEqual([
      "new:unknown old:yes field f has the new rule 'uniqueItems true'",
    ])
    expect(told(of(list), of({ ...list, 'x-rules': ['a'] }))).toEqual([
      "new:unknown old:yes field f has the new rule 'a'",
    ])
    expect(told(of({ ...list, 'x-rules': ['a'] }), of({ ...list, 'x-rules': ['b'] }))).toEqual([
      "new:unknown old:unknown field f has the rule 'b' in place of 'a'",
    ])
    expect(told(of({ type: 'string', 'x-rules': ['a'] }), of({ type: 'string' }))).toEqual([
      "new:yes old:unknown field f no longer has the rule 'a'",
    ])
  })
})

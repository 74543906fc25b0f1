import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Condition, compileCondition, conditionText } from './condition.ts'

/** Names that objects have without having been given them, among plain ones. */
const NAMES = ['a', 'b', 'length', '0', '__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const

const segment = fc.constantFrom(...NAMES, '*')
const field = fc.array(segment, { minLength: 1, maxLength: 4 }).map((path) => path.join('.'))
const scalar = fc.oneof(
  fc.constantFrom('x', 'xy', '', 'true'),
  fc.integer({ min: -1, max: 2 }),
  fc.boolean(),
  fc.constant(null),
)

const test: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field, equals: scalar }),
  fc.record({ field, in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  fc.record({ field, prefix: fc.constantFrom('x', 'tr') }),
  fc.record({ field, exists: fc.boolean() }),
)

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    test,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}))

/** JSON as it is parsed, with fields of awkward names that are its own. */
const data = fc
  .letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie('json'), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom(...NAMES), tie('json')), { maxLength: 4 })
        .map((entries) => Object.fromEntries(entries)),
    ),
  }))
  .json.map((value) => JSON.parse(JSON.stringify(value)) as unknown)

const holds = (one: Condition, value: unknown) => compileCondition(one)(value)

describe('a condition', () => {
  const order = {
    currency: 'USD',
    total: 14_900,
    paid: false,
    note: null,
    learner: { email: 'alice@example.org' },
    lines: [{ mode: 'audit' }, { mode: 'verified' }],
    states: { '1': 'granted', '2': 'failed' },
  }

  it.each<[Condition, boolean]>([
    [{ field: 'currency', equals: 'USD' }, true],
    [{ field: 'currency', equals: 'usd' }, false],
    [{ field: 'total', equals: 14_900 }, true],
    [{ field: 'total', equals: '14900' }, false],
    [{ field: 'paid', equals: false }, true],
    [{ field: 'note', equals: null }, true],
    [{ field: 'nothing', equals: null }, false],
    [{ field: 'currency', in: ['EUR', 'USD'] }, true],
    [{ field: 'currency', in: ['EUR'] }, false],
    [{ field: 'note', in: [null] }, true],
    [{ field: 'currency', prefix: 'US' }, true],
    [{ field: 'currency', prefix: 'SD' }, false],
    [{ field: 'total', prefix: '149' }, false],
    [{ field: 'learner.email', exists: true }, true],
    [{ field: 'note', exists: true }, false],
    [{ field: 'note', exists: false }, true],
    [{ field: 'learner.name', exists: false }, true],
    [{ field: 'currency.code', exists: false }, true],
    [{ field: 'lines.*.mode', equals: 'verified' }, true],
    [{ field: 'lines.*.mode', equals: 'credit' }, false],
    [{ field: 'lines.*.price', exists: false }, true],
    [{ field: 'lines.*.mode', exists: false }, false],
    [{ field: 'lines.mode', equals: 'verified' }, false],
    [{ field: 'states.*', equals: 'failed' }, true],
    [{ field: 'toString', exists: true }, false],
    [{ field: 'learner.constructor.name', exists: true }, false],
    [{ field: '__proto__', exists: true }, false],
    [
      {
        all: [
          { field: 'currency', equals: 'USD' },
          { field: 'total', exists: true },
        ],
      },
      true,
    ],
    [
      {
        all: [
          { field: 'currency', equals: 'USD' },
          { field: 'total', exists: false },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { field: 'currency', equals: 'EUR' },
          { field: 'total', exists: true },
        ],
      },
      true,
    ],
    [{ not: { field: 'lines.*.mode', equals: 'audit' } }, false],
  ])('%j holds: %p', (one, expected) => expect(holds(one, order)).toBe(expected))

  it('never throws, whatever it is held against, and answers yes or no', () =>
    fc.assert(fc.property(condition, data, (one, value) => typeof holds(one, value) === 'boolean')))

  it('is turned round by `not`', () =>
    fc.assert(fc.property(condition, data, (one, value) => holds({ not: one }, value) !== holds(one, value))))

  it('holds below `all` with every part, and below `any` with one', () =>
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), data, (parts, value) => {
        const each = parts.map((part) => holds(part, value))
        expect(holds({ all: parts }, value)).toBe(each.every(Boolean))
        expect(holds({ any: parts }, value)).toBe(each.some(Boolean))
      }),
    ))

  it('with `*` holds where it holds for one of the items', () =>
    fc.assert(
      fc.property(fc.array(data, { maxLength: 4 }), field, scalar, (items, path, equals) => {
        const some = items.some((item) => holds({ field: path, equals }, item))
        expect(holds({ field: `*.${path}`, equals }, items)).toBe(some)
        expect(holds({ field: `*.${path}`, equals }, Object.fromEntries(items.entries()))).toBe(some)
      }),
    ))

  it('`in` is `equals` with one of its values', () =>
    fc.assert(
      fc.property(field, fc.array(scalar, { minLength: 1 }), data, (path, values, value) =>
        expect(holds({ field: path, in: values }, value)).toBe(
          values.some((equals) => holds({ field: path, equals }, value)),
        ),
      ),
    ))

  it('looks at what the data has itself, also where that has an awkward name', () => {
    const awkward: unknown = JSON.parse('{"__proto__":{"constructor":"own"}}')
    expect(holds({ field: '__proto__.constructor', equals: 'own' }, awkward)).toBe(true)
    expect(holds({ field: '__proto__.constructor', exists: true }, { a: 1 })).toBe(false)
  })
})

describe('a condition in words', () => {
  it.each<[Condition, string]>([
    [{ field: 'currency', equals: 'USD' }, 'currency equals USD'],
    [{ field: 'currency', in: ['USD', null, 3] }, 'currency in USD, null, 3'],
    [{ field: 'a', prefix: 'b' }, 'a begins with b'],
    [{ field: 'a', exists: true }, 'a exists'],
    [{ not: { field: 'a', exists: false } }, 'not (a does not exist)'],
    [
      {
        all: [
          { field: 'a', exists: true },
          {
            any: [
              { field: 'b', equals: 1 },
              { field: 'c', equals: 2 },
            ],
          },
        ],
      },
      'a exists and (b equals 1 or c equals 2)',
    ],
    [{ any: [] }, 'never'],
  ])('%j: %s', (one, text) => expect(conditionText(one)).toBe(text))

  it.each([
    ['learner.email', ['learner.email']],
    ['learner', ['learner.email']],
    ['learner.email', ['learner']],
    ['lines.*.email', ['lines.*.email']],
    ['lines.0.email', ['lines.*.email']],
    ['lines.*.email.domain', ['lines.*.email']],
    ['*.email', ['learner.email']],
    ['contacts.bob', ['contacts.*']],
  ])('does not tell what %s is compared with where %j is personal', (path, personal) => {
    const tests: readonly Condition[] = [
      { field: path, equals: 'secret' },
      { field: path, in: ['secret'] },
      { field: path, prefix: 'secret' },
      { not: { all: [{ field: path, equals: 'secret' }] } },
    ]
    for (const one of tests) {
      expect(conditionText(one, personal)).not.toContain('secret')
      expect(conditionText(one, personal)).toContain('[personal]')
    }
  })

  it('tells what a field is compared with that only begins like a personal one', () => {
    expect(conditionText({ field: 'learner.emailOptIn', equals: true }, ['learner.email'])).toContain('true')
    expect(conditionText({ field: 'learners', equals: 'x' }, ['learner'])).toContain('x')
  })

  it('never shows a value of a personal field, however it is wrapped', () => {
    const hide = (one: Condition, path: string): Condition => {
      if ('all' in one) return { all: one.all.map((part) => hide(part, path)) }
      if ('any' in one) return { any: one.any.map((part) => hide(part, path)) }
      if ('not' in one) return { not: hide(one.not, path) }
      if ('equals' in one) return { field: path, equals: 'SECRET' }
      if ('in' in one) return { field: path, in: ['SECRET', 'SECRET-2'] }
      return 'prefix' in one ? { field: path, prefix: 'SECRET' } : { field: path, exists: one.exists }
    }
    fc.assert(
      fc.property(condition, fc.constantFrom('a.b', 'a', 'a.b.c', 'a.*'), (one, path) =>
        expect(conditionText(hide(one, path), ['a.b'])).not.toContain('SECRET'),
      ),
    )
  })
})

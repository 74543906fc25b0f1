import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Condition, compileCondition } from './condition.ts'
import { contradictions } from './contradiction.ts'

const placesOf = (...all: readonly Condition[]) =>
  contradictions(all, ['all']).map(({ field, path }) => `${field} at ${path.join('.')}`)

describe('contradictions below one `all`', () => {
  it.each<[string, readonly Condition[], readonly string[]]>([
    [
      'two values',
      [
        { field: 'a', equals: 1 },
        { field: 'a', equals: 2 },
      ],
      ['a at all.1'],
    ],
    [
      'the same value twice',
      [
        { field: 'a', equals: 1 },
        { field: 'a', equals: 1 },
      ],
      [],
    ],
    [
      'values of which one is in both',
      [
        { field: 'a', in: [1, 2] },
        { field: 'a', in: [2, 3] },
      ],
      [],
    ],
    [
      'a value and its absence',
      [
        { field: 'a', exists: false },
        { field: 'a', equals: 1 },
      ],
      ['a at all.1'],
    ],
    [
      'null and absence',
      [
        { field: 'a', exists: false },
        { field: 'a', equals: null },
      ],
      [],
    ],
    [
      'there and not there',
      [
        { field: 'a', exists: true },
        { field: 'a', exists: false },
      ],
      ['a at all.1'],
    ],
    [
      'two beginnings',
      [
        { field: 'a', prefix: 'x' },
        { field: 'a', prefix: 'y' },
      ],
      ['a at all.1'],
    ],
    [
      'a beginning and a longer one',
      [
        { field: 'a', prefix: 'x' },
        { field: 'a', prefix: 'xy' },
      ],
      [],
    ],
    [
      'a beginning and another value',
      [
        { field: 'a', prefix: 'x' },
        { field: 'a', equals: 'y' },
      ],
      ['a at all.1'],
    ],
    ['a value and not that', [{ field: 'a', equals: 1 }, { not: { field: 'a', equals: 1 } }], ['a at all.1']],
    [
      'a beginning and not that word',
      [{ field: 'a', prefix: 'x' }, { not: { field: 'a', equals: 'x' } }],
      [],
    ],
    ['nothing but nots', [{ not: { field: 'a', equals: 1 } }, { not: { field: 'a', equals: 2 } }], []],
    [
      'two fields',
      [
        { field: 'a', equals: 1 },
        { field: 'b', equals: 2 },
      ],
      [],
    ],
    [
      'two items of a list',
      [
        { field: 'a.*', equals: 1 },
        { field: 'a.*', equals: 2 },
      ],
      [],
    ],
    [
      'one in a nested `all`',
      [{ field: 'a', equals: 1 }, { all: [{ field: 'b', equals: 1 }, { all: [{ field: 'a', equals: 2 }] }] }],
      ['a at all.1.all.1.all.0'],
    ],
    ['one in an `any`', [{ field: 'a', equals: 1 }, { any: [{ field: 'a', equals: 2 }] }], []],
    [
      'in two fields',
      [
        { field: 'a', equals: 1 },
        { field: 'b', equals: 1 },
        { field: 'b', equals: 2 },
        { field: 'a', equals: 2 },
      ],
      ['a at all.3', 'b at all.2'],
    ],
  ])('%s', (_name, all, places) => expect(placesOf(...all)).toEqual(places))

  it('are told exactly where no value passes all tests', () => {
    const scalar = fc.constantFrom<(string | number | null)[]>('x', 'xy', 'y', 1, 2, null)
    const test: fc.Arbitrary<Condition> = fc.oneof(
      fc.record({ field: fc.constant('a'), equals: scalar }),
      fc.record({ field: fc.constant('a'), in: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
      fc.record({ field: fc.constant('a'), prefix: fc.constantFrom('x', 'xy', 'y') }),
      fc.record({ field: fc.constant('a'), exists: fc.boolean() }),
    )
    const all = fc.array(
      fc.oneof(
        test,
        test.map((not) => ({ not })),
      ),
      { minLength: 1, maxLength: 5 },
    )
    // Every value that these tests can tell apart.
    const values = [{}, ...['x', 'xy', 'xyz', 'xz', 'y', 'yz', 'z', 1, 2, 3, true, null].map((a) => ({ a }))]
    fc.assert(
      fc.property(all, (tests) => {
        const possible = values.some(compileCondition({ all: tests }))
        expect(placesOf(...tests).length === 0).toBe(possible)
      }),
      { numRuns: 500 },
    )
  })
})

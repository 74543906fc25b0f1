import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Condition, compileCondition } from './condition.ts'
import { readCondition } from './read-condition.ts'

const problemsOf = (value: unknown) =>
  readCondition(value, ['when']).problems.map(
    ({ code, path, message }) => `${code} ${path.join('.')}: ${message}`,
  )

const nested = (levels: number, inner: unknown): unknown =>
  levels === 0 ? inner : { not: nested(levels - 1, inner) }

const leaf = { field: 'a', equals: 1 }

describe('a condition as mesh.yaml writes it', () => {
  it.each<Condition>([
    { field: 'a', equals: 'x' },
    { field: 'a', equals: null },
    { field: 'a.*.b', in: ['x', 2, true, null] },
    { field: 'a', prefix: 'x' },
    { field: 'a', exists: false },
    { all: [leaf] },
    { any: [leaf, { not: { all: [leaf, leaf] } }] },
  ])('%j is read as it stands', (value) =>
    expect(readCondition(value, [])).toEqual({ condition: value, problems: [] }),
  )

  it.each([
    ['currency is USD', ['MESH_ROUTE_CONDITION when: must be a condition.']],
    [null, ['MESH_ROUTE_CONDITION when: must be a condition.']],
    [[leaf], ['MESH_ROUTE_CONDITION when: must be a condition.']],
    [{}, ['MESH_ROUTE_CONDITION when: a condition needs `field`: the path of what it looks at.']],
    [{ field: 3, equals: 1 }, [/when: a condition needs `field`/]],
    [{ field: '', equals: 1 }, [/when: a condition needs `field`/]],
    [{ field: 'a' }, [/exactly one of equals, in, exists, prefix; this one has none/]],
    [{ field: 'a', equals: 1, in: [1] }, [/this one has equals and in/]],
    [{ field: 'a', equals: { b: 1 } }, [/when\.equals: must be a single value/]],
    [{ field: 'a', equals: undefined }, [/when\.equals: must be a single value/]],
    [{ field: 'a', in: [] }, [/when\.in: must be a list of single values/]],
    [{ field: 'a', in: [[1]] }, [/when\.in: must be a list of single values/]],
    [{ field: 'a', in: 'x' }, [/when\.in: must be a list of single values/]],
    [{ field: 'a', exists: 'yes' }, [/when\.exists: must be true or false/]],
    [{ field: 'a', prefix: '' }, [/when\.prefix: must be text/]],
    [{ field: 'a', prefix: 1 }, [/when\.prefix: must be text/]],
    [{ all: [] }, [/when\.all: must be a list of conditions/]],
    [{ any: leaf }, [/when\.any: must be a list of conditions/]],
    [{ not: [leaf] }, [/when\.not: must be a condition/]],
    [{ not: leaf, field: 'a' }, [/`not` stands alone in its condition; here it stands with field/]],
    [{ all: [leaf], any: [leaf] }, [/`all` stands alone in its condition; here it stands with any/]],
    [{ field: 'a', equal: 1 }, [/^MESH_CONFIG_UNKNOWN_KEY when\.equal: a condition has no 'equal'/]],
    [JSON.parse('{"__proto__":1}'), [/^MESH_CONFIG_UNKNOWN_KEY when\.__proto__/]],
  ])('%j is refused', (value, expected) => {
    const found = problemsOf(value)
    expect(found).toEqual(expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))))
    expect(readCondition(value, []).condition).toBeUndefined()
  })

  it('is refused with everything that is wrong with its parts, each at its place', () => {
    expect(
      problemsOf({ all: [leaf, { any: [{ field: 'a', in: 1 }, { feld: 'a' }] }, { not: {} }] }).map(
        (text) => text.split(': ')[0],
      ),
    ).toEqual([
      'MESH_ROUTE_CONDITION when.all.1.any.0.in',
      'MESH_CONFIG_UNKNOWN_KEY when.all.1.any.1.feld',
      'MESH_ROUTE_CONDITION when.all.2.not',
    ])
  })

  it('goes twelve levels deep and no deeper', () => {
    expect(problemsOf(nested(11, leaf))).toEqual([])
    expect(problemsOf(nested(12, leaf))).toEqual([expect.stringMatching(/no deeper than 12 levels/)])
    expect(problemsOf(nested(1_000, leaf))).toHaveLength(1)
  })

  it('is never thrown over, and what is read can be compiled', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom('all', 'any', 'not', 'field', 'equals', 'in', 'exists', 'prefix'),
            fc.jsonValue(),
          ),
        ),
        (value) => {
          const { condition, problems } = readCondition(value, [])
          expect(condition === undefined).toBe(problems.length > 0)
          if (condition !== undefined) expect(typeof compileCondition(condition)({})).toBe('boolean')
        },
      ),
      { numRuns: 300 },
    ))
})

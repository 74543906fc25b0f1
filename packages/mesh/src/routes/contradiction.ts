import { type Condition, compileCondition } from './condition.ts'

type Path = readonly PropertyKey[]

/** One test of a field, as it stands or below `not`. */
type Claim = { readonly field: string; readonly condition: Condition; readonly path: Path }

/** What has to hold at once below `all`, nested ones included. */
const claimsOf = (conditions: readonly Condition[], path: Path): readonly Claim[] =>
  conditions.flatMap((condition, nth): readonly Claim[] => {
    const at = [...path, nth]
    if ('all' in condition) return claimsOf(condition.all, [...at, 'all'])
    const tested = 'not' in condition ? condition.not : condition
    return 'field' in tested ? [{ field: tested.field, condition, path: at }] : []
  })

const testOf = (condition: Condition): Condition => ('not' in condition ? condition.not : condition)

/** No value that anybody could name. */
const OTHER = Symbol('other')

/** Values of which one satisfies all claims about a field, if any value does. */
const candidatesOf = (claims: readonly Claim[]): readonly unknown[] => [
  undefined,
  null,
  OTHER,
  ...claims
    .map(({ condition }) => testOf(condition))
    .flatMap((test): readonly unknown[] => {
      if ('equals' in test) return [test.equals]
      if ('in' in test) return test.in
      return 'prefix' in test ? [test.prefix, `${test.prefix}\u0000`] : []
    }),
]

/** A condition over the value alone: whatever its field, it looks at `field`. */
const overValue = (condition: Condition): ((value: unknown) => boolean) => {
  const test = testOf(condition)
  const holds = compileCondition('field' in test ? { ...test, field: 'field' } : test)
  return (value) => holds(value === undefined ? {} : { field: value }) !== 'not' in condition
}

/**
 * Tests below one `all` that no single value of their field can pass together, each with the path of the first one that leaves
 * nothing over. Fields with `*` may be satisfied by different items.
 */
export const contradictions = (
  conditions: readonly Condition[],
  path: Path,
): readonly { readonly field: string; readonly path: Path }[] => {
  const claims = claimsOf(conditions, path).filter(({ field }) => !field.split('.').includes('*'))
  return [...Map.groupBy(claims, ({ field }) => field)].flatMap(([field, about]) => {
    let left = candidatesOf(about)
    const last = about.find(({ condition }) => {
      left = left.filter(overValue(condition))
      return left.length === 0
    })
    return last === undefined ? [] : [{ field, path: last.path }]
  })
}

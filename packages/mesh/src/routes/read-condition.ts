import type { Problem } from '../finding/issue-findings.ts'
import { nearestKey } from '@commerce-mesh/contracts'
import type { Condition, Scalar } from './condition.ts'

/** What a condition was read as; undefined where something is wrong with it. */
export type ReadCondition = { readonly condition?: Condition; readonly problems: readonly Problem[] }

type Path = readonly PropertyKey[]

const GROUPS = ['all', 'any', 'not'] as const
const TESTS = ['equals', 'in', 'exists', 'prefix'] as const
const KEYS = [...GROUPS, 'field', ...TESTS]

/** More than anybody writes by hand; guards the stack. */
const MOST_LEVELS = 12

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const refused = (path: Path, message: string, fix: string): ReadCondition => ({
  problems: [{ code: 'MESH_ROUTE_CONDITION', path, message, fix }],
})

const EXAMPLE =
  'Write `field: currency` with one of equals, in, exists, prefix; or all, any, not around such conditions.'

const unknownKeys = (value: Readonly<Record<string, unknown>>, path: Path): readonly Problem[] =>
  Object.keys(value)
    .filter((key) => !KEYS.includes(key))
    .map((key) => {
      const near = nearestKey(key, KEYS)
      return {
        code: 'MESH_CONFIG_UNKNOWN_KEY',
        path: [...path, key],
        message: `a condition has no '${key}'.`,
        fix: near === undefined ? `Known here: ${KEYS.join(', ')}.` : `Did you mean '${near}'?`,
      }
    })

const readList = (list: unknown, path: Path, level: number) => {
  if (!Array.isArray(list) || list.length === 0)
    return { conditions: [], problems: refused(path, 'must be a list of conditions.', EXAMPLE).problems }
  const read = list.map((item: unknown, nth) => readAt(item, [...path, nth], level + 1))
  return {
    conditions: read.flatMap(({ condition }) => condition ?? []),
    problems: read.flatMap(({ problems }) => problems),
  }
}

const unless = (problems: readonly Problem[], condition: Condition): ReadCondition =>
  problems.length > 0 ? { problems } : { condition, problems }

const readGroup = (
  kind: (typeof GROUPS)[number],
  value: Readonly<Record<string, unknown>>,
  path: Path,
  level: number,
): ReadCondition => {
  if (kind === 'not') {
    const { condition, problems } = readAt(value['not'], [...path, 'not'], level + 1)
    return condition === undefined ? { problems } : unless(problems, { not: condition })
  }
  const { conditions, problems } = readList(value[kind], [...path, kind], level)
  return unless(problems, kind === 'all' ? { all: conditions } : { any: conditions })
}

const readTest = (kind: (typeof TESTS)[number], field: string, value: unknown, path: Path): ReadCondition => {
  const at = [...path, kind]
  switch (kind) {
    case 'equals':
      return isScalar(value)
        ? { condition: { field, equals: value }, problems: [] }
        : refused(at, 'must be a single value: text, a number, true, false or null.', EXAMPLE)
    case 'in':
      return Array.isArray(value) && value.length > 0 && value.every(isScalar)
        ? { condition: { field, in: value }, problems: [] }
        : refused(at, 'must be a list of single values, with one or more.', 'Write `in: [USD, EUR]`.')
    case 'exists':
      return typeof value === 'boolean'
        ? { condition: { field, exists: value }, problems: [] }
        : refused(at, 'must be true or false.', 'Write `exists: true`.')
    case 'prefix':
      return typeof value === 'string' && value !== ''
        ? { condition: { field, prefix: value }, problems: [] }
        : refused(at, 'must be text.', 'Write `prefix: course-v1:edX+`.')
  }
}

const readLeaf = (value: Readonly<Record<string, unknown>>, path: Path): ReadCondition => {
  const { field } = value
  const [kind, ...more] = TESTS.filter((key) => Object.hasOwn(value, key))
  if (typeof field !== 'string' || field === '')
    return refused(path, 'a condition needs `field`: the path of what it looks at.', EXAMPLE)
  if (kind === undefined || more.length > 0)
    return refused(
      path,
      `a condition needs exactly one of ${TESTS.join(', ')}; this one has ${kind === undefined ? 'none' : [kind, ...more].join(' and ')}.`,
      more.length > 0 ? 'Put each into a condition of its own, below `all`.' : EXAMPLE,
    )
  return readTest(kind, field, value[kind], path)
}

const readAt = (value: unknown, path: Path, level: number): ReadCondition => {
  if (level > MOST_LEVELS)
    return refused(path, `conditions go no deeper than ${MOST_LEVELS} levels.`, EXAMPLE)
  if (!isSection(value)) return refused(path, 'must be a condition.', EXAMPLE)
  const unknown = unknownKeys(value, path)
  if (unknown.length > 0) return { problems: unknown }
  const groups = GROUPS.filter((key) => Object.hasOwn(value, key))
  const [group] = groups
  if (group === undefined) return readLeaf(value, path)
  if (Object.keys(value).length > 1)
    return refused(
      path,
      `\`${group}\` stands alone in its condition; here it stands with ${Object.keys(value)
        .filter((key) => key !== group)
        .join(', ')}.`,
      'Put them into a list below `all`.',
    )
  return readGroup(group, value, path, level)
}

/** Reads a condition as mesh.yaml writes it, with everything that is wrong with its form. */
export const readCondition = (value: unknown, path: Path): ReadCondition => readAt(value, path, 1)

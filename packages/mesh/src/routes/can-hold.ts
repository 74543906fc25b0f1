import {
  type EventContract,
  admits,
  fieldsOf,
  isRequired,
  jsonSchemaOf,
  schemasAt,
} from '@commerce-mesh/contracts'
import type { Problem } from '../config/issue-findings.ts'
import { nearestKey } from '../config/nearest-key.ts'
import type { Condition, Scalar } from './condition.ts'

type Path = readonly PropertyKey[]

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list: look at its items with `.*`',
  object: 'a section: look at a field of it',
}

/** What the contract lets stand at a field, in words. */
const wanted = (contract: EventContract, field: string): string => {
  const nodes = schemasAt(jsonSchemaOf(contract), field)
  const rules = nodes.flatMap((node) => node['x-rules'] ?? [])
  if (rules.length > 0) return `it ${rules.join(', and ')}`
  const options = nodes.flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]))
  if (options.length > 0) return `it is one of ${options.map(String).join(', ')}`
  const types = nodes.flatMap(({ type }) => (type === undefined ? [] : [TYPES[type] ?? type]))
  return `it is ${[...new Set(types)].join(' or ')}`
}

const optionsAt = (contract: EventContract, field: string): readonly string[] =>
  schemasAt(jsonSchemaOf(contract), field).flatMap((node) =>
    (node.enum ?? (node.const === undefined ? [] : [node.const])).filter((one) => typeof one === 'string'),
  )

const never = (path: Path, message: string, fix: string): Problem => ({
  code: 'MESH_ROUTE_NEVER',
  path,
  message,
  fix,
})

const unfit = (contract: EventContract, field: string, value: Scalar, path: Path): Problem => {
  const near = typeof value === 'string' ? nearestKey(value, optionsAt(contract, field)) : undefined
  return never(
    path,
    `${field} of ${contract.type} can never be this: ${wanted(contract, field)}.`,
    near === undefined ? 'Compare with a value that the contract allows.' : `Did you mean '${near}'?`,
  )
}

const unknownField = (contract: EventContract, field: string, path: Path): Problem => {
  const known = fieldsOf(jsonSchemaOf(contract))
  const near = nearestKey(field, known)
  const elsewhere = known.filter((one) => one.split('.').at(-1) === field.split('.').at(-1))
  return {
    code: 'MESH_ROUTE_FIELD_UNKNOWN',
    path,
    message: `${contract.type} has no field '${field}'.`,
    fix:
      near !== undefined
        ? `Did you mean '${near}'?`
        : elsewhere.length > 0
          ? `It stands elsewhere: ${elsewhere.map((one) => `'${one}'`).join(' or ')}.`
          : `Its fields: ${known.filter((one) => !one.includes('.')).join(', ')}.`,
  }
}

const isAlwaysThere = (contract: EventContract, field: string): boolean =>
  !field.includes('*') && isRequired(jsonSchemaOf(contract), field) && !admits(contract, field, null)

const mayBeText = (contract: EventContract, field: string): boolean =>
  schemasAt(jsonSchemaOf(contract), field).some(({ type, anyOf, oneOf, allOf }) =>
    type === undefined
      ? anyOf === undefined && oneOf === undefined && allOf === undefined
      : type === 'string',
  )

/** What is wrong with one test of one field, held against the contract. */
const problemsOfTest = (
  contract: EventContract,
  condition: Extract<Condition, { field: string }>,
  path: Path,
): readonly Problem[] => {
  const { field } = condition
  if (schemasAt(jsonSchemaOf(contract), field).length === 0)
    return [unknownField(contract, field, [...path, 'field'])]
  if ('equals' in condition)
    return admits(contract, field, condition.equals)
      ? []
      : [unfit(contract, field, condition.equals, [...path, 'equals'])]
  if ('in' in condition)
    return condition.in.flatMap((value, nth) =>
      admits(contract, field, value) ? [] : [unfit(contract, field, value, [...path, 'in', nth])],
    )
  if ('prefix' in condition) {
    if (!mayBeText(contract, field))
      return [
        never(
          [...path, 'prefix'],
          `${field} of ${contract.type} has no beginning: ${wanted(contract, field)}.`,
          'Use equals or in.',
        ),
      ]
    const options = optionsAt(contract, field)
    return options.length === 0 || options.some((option) => option.startsWith(condition.prefix))
      ? []
      : [unfit(contract, field, condition.prefix, [...path, 'prefix'])]
  }
  return condition.exists || !isAlwaysThere(contract, field)
    ? []
    : [
        never(
          [...path, 'exists'],
          `${field} is in every ${contract.type}.`,
          'Leave this condition out, or write `exists: true`.',
        ),
      ]
}

const wantedValues = (condition: Condition): { field: string; values: readonly Scalar[] } | undefined => {
  if ('equals' in condition) return { field: condition.field, values: [condition.equals] }
  return 'in' in condition ? { field: condition.field, values: condition.in } : undefined
}

/** Conditions of one `all` that want different values of the same single field. */
const contradictions = (conditions: readonly Condition[], path: Path): readonly Problem[] => {
  const left = new Map<string, readonly Scalar[]>()
  return conditions.flatMap((condition, nth) => {
    const want = wantedValues(condition)
    if (want === undefined || want.field.includes('*')) return []
    const before = left.get(want.field)
    const both = before === undefined ? want.values : want.values.filter((value) => before.includes(value))
    left.set(want.field, both)
    return both.length > 0
      ? []
      : [
          never(
            [...path, nth],
            `${want.field} can’t be this and what the conditions above want.`,
            'Use `any`, or `in` with all values.',
          ),
        ]
  })
}

/**
 * Holds a condition against the contract of the event that it looks at: fields that there are none of, and comparisons that can
 * never hold.
 *
 * @param path - where the condition stands in mesh.yaml.
 */
export const conditionProblems = (
  contract: EventContract,
  condition: Condition,
  path: Path,
): readonly Problem[] => {
  if ('not' in condition) return conditionProblems(contract, condition.not, [...path, 'not'])
  if ('field' in condition) return problemsOfTest(contract, condition, path)
  const kind = 'all' in condition ? 'all' : 'any'
  const parts = 'all' in condition ? condition.all : condition.any
  const inner = parts.flatMap((part, nth) => conditionProblems(contract, part, [...path, kind, nth]))
  return inner.length > 0 || kind === 'any' ? inner : contradictions(parts, [...path, kind])
}

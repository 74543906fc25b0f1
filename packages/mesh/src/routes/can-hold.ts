import {
  type EventContract,
  admits,
  fieldsOf,
  isRequired,
  jsonSchemaOf,
  schemasAt,
} from '@commerce-mesh/contracts'
import type { Problem } from '../finding/issue-findings.ts'
import { nearestKey } from '@commerce-mesh/contracts'
import type { Condition, Scalar } from './condition.ts'
import { contradictions } from './contradiction.ts'
import { kindsOf, optionsAt, wantedAt } from './wanted.ts'

type Path = readonly PropertyKey[]

const never = (path: Path, message: string, fix: string): Problem => ({
  code: 'MESH_ROUTE_NEVER',
  path,
  message,
  fix,
})

const unfit = (contract: EventContract, field: string, value: Scalar, path: Path): Problem => {
  const options = optionsAt(contract, field).filter((one) => typeof one === 'string')
  const near = typeof value === 'string' ? nearestKey(value, options) : undefined
  return never(
    path,
    `${field} of ${contract.type} can never be this: ${wantedAt(contract, field, value)}.`,
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

/** Beginnings that a field may have: those of its options, any at all, or none as it is no text. */
const beginningsAt = (contract: EventContract, field: string): readonly string[] | 'any' | 'none' => {
  const nodes = schemasAt(jsonSchemaOf(contract), field).filter(
    ({ anyOf, oneOf, allOf }) => (anyOf ?? oneOf ?? allOf) === undefined,
  )
  const texts = nodes.filter((node) => node.type === undefined || kindsOf(node).includes('string'))
  if (texts.length === 0) return 'none'
  if (texts.some((node) => node.enum === undefined && node.const === undefined)) return 'any'
  return optionsAt(contract, field).filter((one) => typeof one === 'string')
}

/** A field that every event has, below `not` with `exists: true`. */
const alwaysThere = (contract: EventContract, condition: Condition, path: Path): readonly Problem[] =>
  'exists' in condition && condition.exists && isAlwaysThere(contract, condition.field)
    ? [
        never(
          [...path, 'exists'],
          `${condition.field} is in every ${contract.type}.`,
          'Leave this condition out.',
        ),
      ]
    : []

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
    const beginnings = beginningsAt(contract, field)
    if (beginnings === 'none')
      return [
        never(
          [...path, 'prefix'],
          `${field} of ${contract.type} has no beginning: ${wantedAt(contract, field)}.`,
          'Use equals or in.',
        ),
      ]
    return beginnings === 'any' || beginnings.some((option) => option.startsWith(condition.prefix))
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

const contradictory = (conditions: readonly Condition[], path: Path): readonly Problem[] =>
  contradictions(conditions, path).map(({ field, path: at }) =>
    never(
      at,
      `${field} can’t be this and what the conditions above want.`,
      'Use `any`, or `in` with all values.',
    ),
  )

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
  if ('not' in condition)
    return [
      ...conditionProblems(contract, condition.not, [...path, 'not']),
      ...alwaysThere(contract, condition.not, [...path, 'not']),
    ]
  if ('field' in condition) return problemsOfTest(contract, condition, path)
  const kind = 'all' in condition ? 'all' : 'any'
  const parts = 'all' in condition ? condition.all : condition.any
  const inner = parts.flatMap((part, nth) => conditionProblems(contract, part, [...path, kind, nth]))
  return inner.length > 0 || kind === 'any' ? inner : contradictory(parts, [...path, kind])
}

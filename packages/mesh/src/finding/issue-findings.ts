import type { z } from 'zod'
import { CONFIG_FINDINGS } from './finding.ts'
import type { ConfigCode } from './finding.ts'
import { describeType, keysAt, pathsOf, schemasAt } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { nearestKey } from '@commerce-mesh/contracts'
import { pathText } from './path.ts'
import type { Path } from './path.ts'

type Issue = z.core.$ZodIssue

/** What an issue of zod means to the person who wrote the file. The place is looked up from `path`. */
export type Problem = {
  readonly code: ConfigCode
  readonly path: Path
  readonly message: string
  readonly fix?: string
}

/** The value at a path, or undefined. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? Reflect.get(at, step) : undefined,
    value,
  )

const kindOf = (value: unknown): string => {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a section'
  if (typeof value === 'boolean') return `${value}`
  return typeof value === 'string' ? 'text' : 'a number'
}

/** Says what may stand at a path. */
const wanted = (schema: JsonSchema, path: Path): string => {
  const [first] = schemasAt(schema, path)
  return first === undefined ? 'something else' : describeType(first)
}

const unknownKey = (schema: JsonSchema, path: Path, key: string): Problem => {
  const here = keysAt(schema, path)
  const near = nearestKey(key, here)
  const elsewhere =
    near === undefined ? pathsOf(schema).filter((known) => known.split('.').at(-1) === key) : []
  const section = path.length === 0 ? 'the top level' : `'${pathText(path)}'`
  const fix =
    near !== undefined
      ? `Did you mean '${near}'?`
      : elsewhere.length > 0
        ? `It belongs elsewhere: ${elsewhere.map((known) => `'${known}'`).join(' or ')}.`
        : here.length > 0
          ? `Known here: ${here.join(', ')}.`
          : CONFIG_FINDINGS.MESH_CONFIG_UNKNOWN_KEY.action
  return {
    code: 'MESH_CONFIG_UNKNOWN_KEY',
    path: [...path, key],
    message: `there is no setting '${key}' in ${section}.`,
    fix,
  }
}

const misvalued = (schema: JsonSchema, path: Path, issue: Issue): Problem => {
  const own = /^(Invalid|Too (small|big)|Unrecognized)/.test(issue.message)
    ? `must be ${wanted(schema, path)}`
    : issue.message
  return { code: 'MESH_CONFIG_VALUE', path, message: `${own.replace(/\.$/, '')}.` }
}

const notAnOption = (
  schema: JsonSchema,
  path: Path,
  issue: Issue,
  options: readonly unknown[],
  value: unknown,
): Problem => {
  const near = typeof value === 'string' ? nearestKey(value, options.map(String)) : undefined
  return { ...misvalued(schema, path, issue), ...(near !== undefined && { fix: `Did you mean '${near}'?` }) }
}

/** The alternative that comes nearest: fewest complaints. */
const nearestBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] =>
  branches.toSorted((a, b) => a.length - b.length)[0] ?? []

/** Translates one issue of zod into problems in the words of the configuration. */
export const problemsOf = (
  schema: JsonSchema,
  root: unknown,
  issue: Issue,
  base: Path = [],
): readonly Problem[] => {
  const path = [...base, ...issue.path]
  const value = valueAt(root, path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key))
  if (value === undefined && issue.code !== 'custom') {
    return [{ code: 'MESH_CONFIG_MISSING', path, message: `is missing; it must be ${wanted(schema, path)}.` }]
  }
  if (issue.code === 'invalid_type') {
    return [
      { code: 'MESH_CONFIG_TYPE', path, message: `is ${kindOf(value)}; it must be ${wanted(schema, path)}.` },
    ]
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearestBranch(issue.errors).flatMap((inner) => problemsOf(schema, root, inner, path))
  }
  return [
    issue.code === 'invalid_value'
      ? notAnOption(schema, path, issue, issue.values, value)
      : misvalued(schema, path, issue),
  ]
}

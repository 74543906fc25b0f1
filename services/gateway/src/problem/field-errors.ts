import { nearestKey } from '@commerce-mesh/contracts'
import { z } from 'zod'
import type { FieldError } from './refusal.ts'

type Shape = {
  $ref?: string
  $defs?: Record<string, Shape>
  properties?: Record<string, Shape>
  items?: Shape
  anyOf?: Shape[]
}

/** Most errors that are shown at once, and the longest part of a foreign name. */
const MOST = 50
const SHOWN = 64

const shapes = new WeakMap<z.ZodType, Shape>()

/** Made once per schema: a caller with many mistakes must not cost more than one with few. */
const shapeOf = (schema: z.ZodType): Shape => {
  const known = shapes.get(schema)
  if (known !== undefined) return known
  const made = z.toJSONSchema(schema, { io: 'input' }) as Shape
  shapes.set(schema, made)
  return made
}

const shapesAt = (root: Shape, shape: Shape, path: readonly PropertyKey[]): Shape[] => {
  if (shape.$ref !== undefined) {
    const named = root.$defs?.[shape.$ref.replace('#/$defs/', '')]
    return named === undefined ? [] : shapesAt(root, named, path)
  }
  if (shape.anyOf !== undefined) return shape.anyOf.flatMap((option) => shapesAt(root, option, path))
  const [head, ...rest] = path
  if (head === undefined) return [shape]
  const next = typeof head === 'number' ? shape.items : shape.properties?.[String(head)]
  return next === undefined ? [] : shapesAt(root, next, rest)
}

const knownKeys = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const root = shapeOf(schema)
  return shapesAt(root, root, path).flatMap((shape) => Object.keys(shape.properties ?? {}))
}

const pathText = (path: readonly PropertyKey[]) =>
  path.length === 0 ? 'body' : path.map((part) => String(part).slice(0, SHOWN)).join('.')

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    data,
  )

const messageOf = ({ path, code, message }: z.core.$ZodIssue, data: unknown): string => {
  if (path.length === 0 && code === 'invalid_type') return 'must be a JSON object'
  return valueAt(data, path) === undefined ? 'is missing' : message
}

const unknownKey = (path: readonly PropertyKey[], key: string, known: readonly string[]): FieldError => {
  const near = nearestKey(key.slice(0, SHOWN), known)
  return {
    path: pathText([...path, key]),
    message: near === undefined ? 'unknown field' : `unknown field; did you mean '${near}'?`,
  }
}

/**
 * What zod found, for the caller: where and why. Values are never shown, so no personal data can be; an unknown field is
 * shown with the nearest known one.
 *
 * @param data - what was checked: zod does not tell a missing field from a wrong one.
 */
export const fieldErrors = (error: z.ZodError, schema: z.ZodType, data: unknown): FieldError[] =>
  error.issues
    .flatMap((issue): FieldError[] => {
      if (issue.code !== 'unrecognized_keys')
        return [{ path: pathText(issue.path), message: messageOf(issue, data) }]
      const known = knownKeys(schema, issue.path)
      return issue.keys.map((key) => unknownKey(issue.path, key, known))
    })
    .slice(0, MOST)

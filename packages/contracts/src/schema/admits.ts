import type { z } from 'zod'
import type { EventContract } from '../event.ts'

type Schema = z.core.$ZodType

/** Kinds of schemas that only wrap another one. */
type Def = {
  readonly type: string
  readonly innerType?: Schema
  readonly in?: Schema
  readonly getter?: () => Schema
  readonly options?: readonly Schema[]
  readonly left?: Schema
  readonly right?: Schema
  readonly shape?: Readonly<Record<string, Schema>>
  readonly element?: Schema
  readonly items?: readonly Schema[]
  readonly rest?: Schema | null
  readonly valueType?: Schema
}

const defOf = (schema: Schema): Def => schema._zod.def as Def

const isSchema = (value: Schema | null | undefined): value is Schema => value !== null && value !== undefined

/** A schema without its wrappers, as several where it has alternatives. */
const unwrapped = (schema: Schema, seen: ReadonlySet<Schema> = new Set()): readonly Schema[] => {
  if (seen.has(schema)) return []
  const further = new Set([...seen, schema])
  const { innerType, in: input, getter, options, left, right } = defOf(schema)
  const inner = [innerType, input, getter?.(), ...(options ?? []), left, right].filter(isSchema)
  return inner.length === 0 ? [schema] : inner.flatMap((one) => unwrapped(one, further))
}

const step = (schema: Schema, segment: string): readonly Schema[] => {
  const { shape, element, items, rest, valueType } = defOf(schema)
  if (segment === '*') return [element, ...(items ?? []), rest, valueType].filter(isSchema)
  const named = shape !== undefined && Object.hasOwn(shape, segment) ? shape[segment] : undefined
  return named === undefined ? [] : [named]
}

/** A rule that throws or waits, as a plugin's may, says nothing of the value. */
const mayTake = (schema: Schema, value: unknown): boolean => {
  try {
    return (schema as z.ZodType).safeParse(value).success
  } catch {
    return true
  }
}

/**
 * Whether a single value may stand at a path in some valid event, as far as the field's own schema says, its rules included:
 * `USD` may stand at `currency`, `usd` may not.
 *
 * @param path - dotted; `*` stands for each item of a list or value of a record.
 * @param value - a text, a number, a truth value or null.
 */
export const admits = (contract: EventContract, path: string, value: unknown): boolean => {
  const segments = path.split('.')
  const parents = segments
    .slice(0, -1)
    .reduce<readonly Schema[]>(
      (found, segment) => found.flatMap((schema) => step(schema, segment)).flatMap((one) => unwrapped(one)),
      unwrapped(contract.data),
    )
  return parents
    .flatMap((schema) => step(schema, segments.at(-1) ?? ''))
    .some((schema) => mayTake(schema, value))
}

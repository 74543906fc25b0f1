import { z } from 'zod'
import fc from 'fast-check'

type FieldModel = { readonly of: Model; readonly may: 'be left out' | 'default' | 'not be left out' }

/** A small contract as plain data, so that it can be changed at random. */
export type Model =
  | { readonly is: 'text'; readonly min?: number; readonly max?: number; readonly pattern?: string }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'literal'; readonly value: string | number | boolean }
  | {
      readonly is: 'number'
      readonly whole: boolean
      readonly min?: number
      readonly max?: number
      readonly above?: number
      readonly step?: number
    }
  | { readonly is: 'boolean' }
  | { readonly is: 'anything' }
  | { readonly is: 'nullable'; readonly of: Model }
  | { readonly is: 'list'; readonly of: Model; readonly min?: number; readonly max?: number }
  | { readonly is: 'tuple'; readonly items: readonly Model[]; readonly rest?: Model }
  | { readonly is: 'record'; readonly of: Model; readonly names?: readonly string[] }
  | { readonly is: 'object'; readonly fields: Readonly<Record<string, FieldModel>>; readonly others?: Model }
  | { readonly is: 'union'; readonly options: readonly Model[] }

type ObjectModel = Extract<Model, { is: 'object' }>

/** A default that fits, if the model has one of the simple kind. */
const defaultOf = (model: Model): unknown => {
  if (model.is === 'enum') return model.values[0]
  if (model.is === 'boolean') return true
  return model.is === 'nullable' ? null : undefined
}

const fieldToZod = ({ of, may }: FieldModel): z.ZodType => {
  const schema = toZod(of)
  const value = defaultOf(of)
  if (may === 'not be left out') return schema
  return may === 'default' && value !== undefined ? schema.default(value) : schema.optional()
}

const textToZod = ({ min, max, pattern }: Extract<Model, { is: 'text' }>): z.ZodType => {
  const plain = z.string()
  const from = min === undefined ? plain : plain.min(min)
  const to = max === undefined ? from : from.max(max)
  return pattern === undefined ? to : to.regex(new RegExp(pattern))
}

const numberToZod = (model: Extract<Model, { is: 'number' }>): z.ZodType => {
  const { min, max, above, step } = model
  const plain = model.whole ? z.int() : z.number()
  const from = min === undefined ? plain : plain.min(min)
  const over = above === undefined ? from : from.gt(above)
  const to = max === undefined ? over : over.max(max)
  return step === undefined ? to : to.multipleOf(step)
}

/** The zod schema of a model. */
export const toZod = (model: Model): z.ZodType => {
  switch (model.is) {
    case 'text':
      return textToZod(model)
    case 'enum':
      return z.enum(model.values)
    case 'literal':
      return z.literal(model.value)
    case 'number':
      return numberToZod(model)
    case 'boolean':
      return z.boolean()
    case 'anything':
      return z.unknown()
    case 'nullable':
      return toZod(model.of).nullable()
    case 'list': {
      const plain = z.array(toZod(model.of))
      const from = model.min === undefined ? plain : plain.min(model.min)
      return model.max === undefined ? from : from.max(model.max)
    }
    case 'tuple': {
      const items = model.items.map(toZod) as [z.ZodType, ...z.ZodType[]]
      return model.rest === undefined ? z.tuple(items) : z.tuple(items, toZod(model.rest))
    }
    case 'record':
      return model.names === undefined
        ? z.record(z.string(), toZod(model.of))
        : z.partialRecord(z.enum(model.names), toZod(model.of))
    case 'object': {
      const fields = Object.fromEntries(
        Object.entries(model.fields).map(([name, field]) => [name, fieldToZod(field)]),
      )
      return model.others === undefined
        ? z.strictObject(fields)
        : z.object(fields).catchall(toZod(model.others))
    }
    case 'union':
      return z.union(model.options.map(toZod))
  }
}

/** Its JSON Schema, as contracts are published. */
export const toJsonSchema = (schema: z.ZodType): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(schema, { io: 'input' })

const small = fc.integer({ min: 0, max: 4 })

const ordered = fc
  .option(fc.tuple(small, small), { nil: undefined })
  .map((ends) => (ends === undefined ? {} : { min: Math.min(...ends), max: Math.max(...ends) }))

/** Patterns of which none is another's twin; each has texts of any length from 2. */
const PATTERNS = ['^[a-z]+$', '^a', '^[a-z]{2,}$', '[0-9]$']

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const LETTERS = ['r', 's', 't', 'u'] as const

const scalar: fc.Arbitrary<Model> = fc.oneof(
  ordered.map((ends) => ({ is: 'text', ...ends }) as const),
  fc.constantFrom(...PATTERNS).map((pattern) => ({ is: 'text', pattern }) as const),
  fc
    .uniqueArray(fc.constantFrom(...LETTERS), { minLength: 1 })
    .map((values) => ({ is: 'enum', values }) as const),
  fc
    .constantFrom<string | number | boolean>('r', 1, true)
    .map((value) => ({ is: 'literal', value }) as const),
  fc
    .record({ ends: ordered, whole: fc.boolean() })
    .map(({ ends, whole }) => ({ is: 'number', whole, ...ends }) as const),
  fc.constantFrom(2, 3, 0.5).map((step) => ({ is: 'number', whole: false, step }) as const),
  small.map((above) => ({ is: 'number', whole: false, above }) as const),
  fc.constant({ is: 'boolean' } as const),
)

const tagged = (kind: string, field: Model): ObjectModel => ({
  is: 'object',
  fields: {
    kind: { of: { is: 'literal', value: kind }, may: 'not be left out' },
    value: { of: field, may: 'not be left out' },
  },
})

/** zod takes a list that is too short where what is missing may be anything, and its JSON Schema says otherwise: no such tuples. */
const mayBeMissing = (model: Model): boolean => {
  if (model.is === 'union') return model.options.some(mayBeMissing)
  return model.is === 'anything' || (model.is === 'nullable' && mayBeMissing(model.of))
}

const loose: fc.Arbitrary<ObjectModel> = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.record({
      of: scalar,
      may: fc.constantFrom('be left out', 'not be left out') as fc.Arbitrary<FieldModel['may']>,
    }),
    { minKeys: 1, maxKeys: 2 },
  )
  .map((fields) => ({ is: 'object', fields }))

const { object } = fc.letrec<{ any: Model; object: Model }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    scalar,
    tie('any').map((of) => ({ is: 'nullable', of }) as const),
    fc
      .record({ of: tie('any'), ends: ordered })
      .map(({ of, ends }) => ({ is: 'list', of, ...ends }) as const),
    fc
      .tuple(
        fc.array(
          tie('any').filter((model) => !mayBeMissing(model)),
          { minLength: 1, maxLength: 2 },
        ),
        fc.option(scalar, { nil: undefined }),
      )
      .map(([items, rest]) => ({ is: 'tuple', items, ...(rest && { rest }) }) as const),
    fc
      .tuple(
        tie('any'),
        fc.option(fc.subarray([...NAMES], { minLength: 1, maxLength: 3 }), { nil: undefined }),
      )
      .map(([of, names]) => ({ is: 'record', of, ...(names && { names }) }) as const),
    fc.tuple(loose, loose).map(([a, b]) => ({ is: 'union', options: [a, b] }) as const),
    fc.tuple(scalar, scalar).map(([a, b]) => ({ is: 'union', options: [a, b] }) as const),
    fc
      .tuple(scalar, scalar, scalar)
      .map(
        ([a, b, c]) => ({ is: 'union', options: [tagged('r', a), tagged('s', b), tagged('t', c)] }) as const,
      ),
    fc.constant({ is: 'anything' } as const),
    tie('object'),
  ),
  object: fc
    .tuple(
      fc.dictionary(
        fc.constantFrom(...NAMES),
        fc.record({
          of: tie('any'),
          may: fc.constantFrom('be left out', 'default', 'not be left out') as fc.Arbitrary<
            FieldModel['may']
          >,
        }),
        { minKeys: 0, maxKeys: 3 },
      ),
      fc.option(scalar, { nil: undefined, freq: 5 }),
    )
    .map(([fields, others]) => ({ is: 'object', fields, ...(others && { others }) }) as const),
}))

/** Models of an event's data. */
export const anyModel: fc.Arbitrary<Model> = object

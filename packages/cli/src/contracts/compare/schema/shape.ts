import type { Place } from './place.ts'

/** What JSON Schema, or we, can't look into: equal texts are equal rules, and that is all that is known of them. */
type Ruled = { readonly rules: readonly string[] }

/** An end of a range. `isOpen`: the end itself is outside. */
export type Bound = { readonly at: number; readonly isOpen: boolean }

type NullShape = Ruled & { readonly kind: 'null' }

type BooleanShape = Ruled & { readonly kind: 'boolean'; readonly values: readonly boolean[] }

export type NumberShape = Ruled & {
  readonly kind: 'number'
  /** Every number that is taken, where they are listed; then the other constraints hold for each already. */
  readonly values: readonly number[] | undefined
  readonly isWhole: boolean
  /** Of whole numbers never open, and whole. */
  readonly least: Bound
  readonly most: Bound
  /** Numbers that it must be a multiple of, each. */
  readonly steps: readonly number[]
}

export type TextShape = Ruled & {
  readonly kind: 'text'
  /** Every text that is taken, where they are listed; then the other constraints hold for each already. */
  readonly values: readonly string[] | undefined
  /** In UTF-16 code units, as validation counts. */
  readonly fewest: number
  readonly most: number
  /** Regular expressions that it must match, each. */
  readonly patterns: readonly string[]
  /** Named forms without a pattern that would tell what they are. */
  readonly formats: readonly string[]
}

export type ListShape = Ruled & {
  readonly kind: 'list'
  /** Schemas of the first items, one by one. */
  readonly first: readonly Place[]
  /** Schema of every item after them. */
  readonly rest: Place
  readonly fewest: number
  readonly most: number
}

export type ObjectShape = Ruled & {
  readonly kind: 'object'
  readonly fields: ReadonlyMap<string, Place>
  readonly required: ReadonlySet<string>
  /** Schema of fields that are not listed. */
  readonly others: Place
  /** What every field's name must be, all of them. */
  readonly names: readonly Place[]
}

export type ScalarShape = NullShape | BooleanShape | NumberShape | TextShape

/** One alternative of a schema, of one JSON type: what it takes, in a form that can be compared. */
export type Shape = ScalarShape | ListShape | ObjectShape

/** Whether a shape is one of a scalar. */
export const isScalar = (shape: Shape): shape is ScalarShape =>
  shape.kind !== 'list' && shape.kind !== 'object'

/** Fewest and most items or characters where nothing is said. */
const ANY_LENGTH = { fewest: 0, most: Infinity } as const

/** Shapes that take anything. */
export const anything = (place: Place): readonly Shape[] => {
  const any: Place = { root: place.root, node: true }
  const range = { least: { at: -Infinity, isOpen: true }, most: { at: Infinity, isOpen: true } }
  return [
    { kind: 'null', rules: [] },
    { kind: 'boolean', values: [false, true], rules: [] },
    { kind: 'number', values: undefined, isWhole: false, ...range, steps: [], rules: [] },
    { kind: 'text', values: undefined, ...ANY_LENGTH, patterns: [], formats: [], rules: [] },
    { kind: 'list', first: [], rest: any, ...ANY_LENGTH, rules: [] },
    { kind: 'object', fields: new Map(), required: new Set(), others: any, names: [], rules: [] },
  ]
}

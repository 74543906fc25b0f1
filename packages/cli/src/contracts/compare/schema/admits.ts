import type { NumberShape, ScalarShape, TextShape } from './shape.ts'

const expressions = new Map<string, RegExp | undefined>()

/** As validation reads it: with `u` where the pattern is one, else without. Undefined where it is no pattern at all. */
const compile = (pattern: string): RegExp | undefined => {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      // Not all patterns are ones under `u`.
    }
  }
  return undefined
}

const matches = (pattern: string, text: string): boolean | undefined => {
  if (!expressions.has(pattern)) expressions.set(pattern, compile(pattern))
  return expressions.get(pattern)?.test(text)
}

/** False as soon as one is false, undefined where one can't be told, else true. */
const all = (parts: readonly (boolean | undefined)[]): boolean | undefined =>
  parts.includes(false) ? false : parts.includes(undefined) ? undefined : true

const CLOSE = 1e-9

/** Whether a number is a multiple of another, as floats allow it to be told. */
export const isMultiple = (value: number, step: number): boolean => {
  const times = value / step
  return Math.abs(times - Math.round(times)) <= CLOSE * Math.max(1, Math.abs(times) / 1e6)
}

const isInRange = ({ least, most }: NumberShape, value: number): boolean =>
  (least.isOpen ? value > least.at : value >= least.at) && (most.isOpen ? value < most.at : value <= most.at)

const admitsNumber = (shape: NumberShape, value: number): boolean =>
  shape.values?.includes(value) ??
  (isInRange(shape, value) &&
    (!shape.isWhole || Number.isInteger(value)) &&
    shape.steps.every((step) => isMultiple(value, step)))

const admitsText = (shape: TextShape, value: string): boolean | undefined =>
  shape.values?.includes(value) ??
  all([
    value.length >= shape.fewest && value.length <= shape.most,
    ...shape.patterns.map((pattern) => matches(pattern, value)),
    shape.formats.length === 0 ? true : undefined,
  ])

/** Whether a scalar shape takes a value, rules aside. Undefined where a format without a pattern keeps it from being told. */
export const admits = (shape: ScalarShape, value: unknown): boolean | undefined => {
  switch (shape.kind) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean' && shape.values.includes(value)
    case 'number':
      return typeof value === 'number' && admitsNumber(shape, value)
    case 'text':
      return typeof value === 'string' && admitsText(shape, value)
  }
}

import { joined } from '../schema/meet.ts'
import type { NumberShape, Shape, TextShape } from '../schema/shape.ts'

const LONGEST_PATTERN = 60
const MOST_VALUES = 12

/** A listed value as people write it: texts in quotes. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : JSON.stringify(value)

/** Listed values: `'a', 'b' or 'c'`; of very many the first ones. */
export const valuesText = (values: readonly unknown[], last = 'or'): string => {
  const shown = values.slice(0, MOST_VALUES).map(valueText)
  if (values.length > MOST_VALUES) return `${shown.join(', ')} ${last} ${values.length - MOST_VALUES} more`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1)}`
}

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`

/** What stands behind `of`; undefined where any length will do. */
const lengthText = ({ fewest, most }: { fewest: number; most: number }, unit: string): string | undefined => {
  if (fewest === most) return counted(fewest, unit)
  if (most === Infinity) return fewest === 0 ? undefined : `at least ${counted(fewest, unit)}`
  return fewest === 0 ? `at most ${counted(most, unit)}` : `${fewest} to ${counted(most, unit)}`
}

const ofLength = (lengths: { fewest: number; most: number }, unit: string): string => {
  const text = lengthText(lengths, unit)
  return text === undefined ? '' : ` of ${text}`
}

const patternText = (pattern: string, isWhole: boolean) =>
  isWhole || pattern.length <= LONGEST_PATTERN ? pattern : `${pattern.slice(0, LONGEST_PATTERN)}…`

const textText = (shape: TextShape, isWhole: boolean): string => {
  if (shape.values !== undefined) return valuesText(shape.values)
  const patterns = shape.patterns.map((pattern) => ` that matches ${patternText(pattern, isWhole)}`)
  const formats = shape.formats.map((format) => ` in the form '${format}'`)
  return ['text', ofLength(shape, 'character'), joined(formats, patterns).join(' and')].join('')
}

const numberText = (shape: NumberShape): string => {
  if (shape.values !== undefined) return valuesText(shape.values)
  const { least, most } = shape
  const bounds = [
    // Integers beyond this are none that JSON carries safely: every integer has these bounds.
    ...(least.at > Number.MIN_SAFE_INTEGER ? [`${least.isOpen ? 'above' : 'from'} ${least.at}`] : []),
    ...(most.at < Number.MAX_SAFE_INTEGER ? [`${most.isOpen ? 'below' : 'to'} ${most.at}`] : []),
    ...shape.steps.map((step) => `in steps of ${step}`),
  ]
  return [shape.isWhole ? 'an integer' : 'a number', ...bounds].join(' ')
}

const shapeText = (shape: Shape, isWhole: boolean): string => {
  switch (shape.kind) {
    case 'null':
      return 'null'
    case 'boolean':
      return shape.values.length > 1 ? 'true or false' : valuesText(shape.values)
    case 'number':
      return numberText(shape)
    case 'text':
      return textText(shape, isWhole)
    case 'list':
      return `a list${ofLength(shape, 'item')}`
    case 'object':
      return 'an object'
  }
}

const KINDS = 6

/** Alternatives in words: `text of at most 20 characters or null`. `isWhole`: with long patterns in full. */
export const shapesText = (shapes: readonly Shape[], isWhole = false): string => {
  if (shapes.length === 0) return 'nothing'
  const isAnything = new Set(shapes.map(({ kind }) => kind)).size === KINDS
  if (isAnything) return 'anything'
  const nullLast = shapes.toSorted((a, b) => Number(a.kind === 'null') - Number(b.kind === 'null'))
  return joined(nullLast.map((shape) => shapeText(shape, isWhole))).join(' or ')
}

/** Lengths of a list in words: `1 to 100 items`. */
export const itemsText = (lengths: { fewest: number; most: number }): string =>
  lengthText(lengths, 'item') ?? 'any number of items'

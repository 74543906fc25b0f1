import { admits, isMultiple } from '../schema/admits.ts'
import type { Bound, NumberShape, ScalarShape, Shape, TextShape } from '../schema/shape.ts'
import { candidatesOf } from './candidates.ts'
import { eitherOf } from './relation.ts'
import type { Relation } from './relation.ts'

const isSubset = (some: readonly string[], others: readonly string[]) =>
  some.every((one) => others.includes(one))

/** Whether every rule that a reader has is one of the writer's: else what the writer writes may break it. */
export const keepsRules = (writer: Shape, reader: Shape): boolean => isSubset(reader.rules, writer.rules)

const isAtLeast = (a: Bound, b: Bound) => a.at > b.at || (a.at === b.at && (a.isOpen || !b.isOpen))
const isAtMost = (a: Bound, b: Bound) => a.at < b.at || (a.at === b.at && (a.isOpen || !b.isOpen))

const isEmptyRange = (least: Bound, most: Bound) =>
  least.at > most.at || (least.at === most.at && (least.isOpen || most.isOpen))

const containsNumbers = (reader: NumberShape, writer: NumberShape): boolean =>
  reader.values === undefined &&
  isAtLeast(writer.least, reader.least) &&
  isAtMost(writer.most, reader.most) &&
  (!reader.isWhole || writer.isWhole || writer.steps.some((step) => Number.isInteger(step))) &&
  reader.steps.every((step) =>
    [...writer.steps, ...(writer.isWhole ? [1] : [])].some((own) => isMultiple(own, step)),
  )

const containsTexts = (reader: TextShape, writer: TextShape): boolean =>
  reader.values === undefined &&
  writer.fewest >= reader.fewest &&
  writer.most <= reader.most &&
  isSubset(reader.patterns, writer.patterns) &&
  isSubset(reader.formats, writer.formats)

/** Whether a reader certainly takes all that a writer writes, rules aside. Of endless shapes: listed values are asked one by one. */
const contains = (reader: ScalarShape, writer: ScalarShape): boolean =>
  (reader.kind === 'number' && writer.kind === 'number' && containsNumbers(reader, writer)) ||
  (reader.kind === 'text' && writer.kind === 'text' && containsTexts(reader, writer))

const areApart = (writer: ScalarShape, reader: ScalarShape): boolean => {
  if (writer.kind !== reader.kind) return true
  if (reader.kind === 'number' && writer.kind === 'number')
    return (
      isEmptyRange(
        isAtLeast(writer.least, reader.least) ? writer.least : reader.least,
        isAtMost(writer.most, reader.most) ? writer.most : reader.most,
      ) ||
      (reader.values?.every((value) => admits(writer, value) === false) ?? false)
    )
  if (reader.kind === 'text' && writer.kind === 'text')
    return (
      writer.fewest > reader.most ||
      writer.most < reader.fewest ||
      (reader.values?.every((value) => admits(writer, value) === false) ?? false)
    )
  return false
}

const MOST_COUNTED = 200

/** Distance of the numbers among which all that a shape takes are; undefined where any number may be. */
const unitOf = ({ isWhole, steps, least, most }: NumberShape): number | undefined => {
  const units = [...steps, ...(isWhole ? [1] : [])]
  if (units.length > 0) return Math.max(...units)
  return least.at === most.at ? Math.abs(least.at) || 1 : undefined
}

const countedNumbers = (shape: NumberShape): readonly number[] | undefined => {
  if (shape.values !== undefined) return shape.values
  const unit = unitOf(shape)
  const [first, last] = unit === undefined ? [0, Infinity] : [shape.least.at / unit, shape.most.at / unit]
  if (unit === undefined || !(last - first < MOST_COUNTED)) return undefined
  const from = Math.floor(first)
  return Array.from(
    { length: Math.max(0, Math.ceil(last) - from + 1) },
    (_, nth) => (from + nth) * unit,
  ).filter((value) => admits(shape, value) === true)
}

/** Every value that a scalar shape takes, where they are few enough to be counted; undefined where they are not. */
export const countedValues = (shape: ScalarShape): readonly unknown[] | undefined => {
  switch (shape.kind) {
    case 'null':
      return [null]
    case 'boolean':
      return shape.values
    case 'number':
      return countedNumbers(shape)
    case 'text':
      return shape.values ?? (shape.most === 0 && shape.fewest === 0 && admits(shape, '') ? [''] : undefined)
  }
}

const relateValue = (writer: ScalarShape, value: unknown, readers: readonly ScalarShape[]): Relation => {
  if (readers.some((reader) => keepsRules(writer, reader) && admits(reader, value) === true)) return 'inside'
  return readers.every((reader) => admits(reader, value) === false) ? 'apart' : 'unknown'
}

/** How one scalar shape stands to the scalar alternatives of a reader. The shape takes something. */
export const relateScalar = (writer: ScalarShape, readers: readonly ScalarShape[]): Relation => {
  const values = countedValues(writer)
  if (values !== undefined) return eitherOf(values.map((value) => relateValue(writer, value, readers)))
  if (readers.some((reader) => keepsRules(writer, reader) && contains(reader, writer))) return 'inside'
  if (readers.every((reader) => areApart(writer, reader))) return 'apart'
  const isWitness = (value: unknown) =>
    admits(writer, value) === true && readers.every((reader) => admits(reader, value) === false)
  return candidatesOf(writer, readers).some(isWitness) ? 'beyond' : 'unknown'
}

/** Whether a scalar shape takes nothing at all. */
export const isEmptyScalar = (shape: ScalarShape): boolean =>
  countedValues(shape)?.length === 0 ||
  (shape.kind === 'text' && shape.fewest > shape.most) ||
  (shape.kind === 'number' && isEmptyRange(shape.least, shape.most))

import { landed } from '../schema/place.ts'
import type { Place, RawNode } from '../schema/place.ts'
import { fieldOf, shapesOf } from '../schema/shapes-of.ts'
import { isScalar } from '../schema/shape.ts'
import type { ListShape, ObjectShape, Shape } from '../schema/shape.ts'
import { mostItems, relateLists } from './lists.ts'
import { relateObjects } from './objects.ts'
import { eitherOf } from './relation.ts'
import type { Relation } from './relation.ts'
import { isEmptyScalar, keepsRules, relateScalar } from './scalars.ts'

/** Schemas that are being looked at, so that recursive ones end. */
type Open = readonly (RawNode | boolean)[]

const isEmptyShape = (shape: Shape, open: Open): boolean => {
  if (isScalar(shape)) return isEmptyScalar(shape)
  if (shape.kind === 'list') return shape.fewest > mostItems(shape, (place) => isEmptyWithin(place, open))
  return [...shape.required].some((name) => isEmptyWithin(fieldOf(shape, name), open))
}

const isEmptyWithin = (place: Place, open: Open): boolean =>
  // What always holds itself within itself can't be written.
  open.includes(place.node) ||
  shapesOf(place).every((shape) =>
    isEmptyShape(shape, typeof place.node === 'object' ? [...open, place.node] : open),
  )

const empty = new WeakMap<RawNode, boolean>()

/** Whether a schema takes nothing at all: `false`, a range that ends before it begins, a field that is needed and can't be. */
export const isEmpty = (place: Place): boolean => {
  const { node } = place
  if (typeof node === 'boolean') return !node
  const known = empty.get(node) ?? isEmptyWithin(place, [])
  empty.set(node, known)
  return known
}

/** The alternatives of a schema that take something. */
export const liveShapes = (place: Place): readonly Shape[] =>
  shapesOf(place).filter((shape) => !isEmptyShape(shape, []))

type Pairs = readonly (readonly [RawNode | boolean, RawNode | boolean])[]

const relateStructures = (
  writer: ListShape | ObjectShape,
  readers: readonly Shape[],
  open: Pairs,
): Relation => {
  const within = (a: Place, b: Place) => relateWithin(a, b, open)
  const relations = readers.flatMap((reader): readonly Relation[] => {
    const bare =
      writer.kind === 'list'
        ? reader.kind === 'list' && relateLists(writer, reader, within, isEmpty)
        : reader.kind === 'object' && relateObjects(writer, reader, within, isEmpty)
    if (bare === false || bare === 'apart') return []
    return [bare === 'inside' && !keepsRules(writer, reader) ? 'unknown' : bare]
  })
  if (relations.includes('inside')) return 'inside'
  const [only = 'apart', ...more] = relations
  // Each refuses something; whether there is something that all refuse is another question.
  return more.length === 0 ? only : 'unknown'
}

const relateAlternatives = (writers: readonly Shape[], readers: readonly Shape[], open: Pairs): Relation =>
  eitherOf(
    writers.map((writer) =>
      isScalar(writer)
        ? relateScalar(writer, readers.filter(isScalar))
        : relateStructures(writer, readers, open),
    ),
  )

const relateWithin = (from: Place, to: Place, open: Pairs): Relation => {
  const [writer, reader] = [landed(from), landed(to)]
  if (reader.node === true) return 'inside'
  // Met again on the way into itself: what differs is found where it stands.
  if (open.some(([a, b]) => a === writer.node && b === reader.node)) return 'inside'
  const deeper: Pairs = [...open, [writer.node, reader.node]]
  return relateAlternatives(liveShapes(writer), liveShapes(reader), deeper)
}

/** How all that one schema takes stands to another. A rule that can't be looked into is thought to hide nothing. */
export const relate = (writer: Place, reader: Place): Relation => relateWithin(writer, reader, [])

/** The same for alternatives, each of which takes something. */
export const relateShapes = (writers: readonly Shape[], readers: readonly Shape[]): Relation =>
  relateAlternatives(writers, readers, [])

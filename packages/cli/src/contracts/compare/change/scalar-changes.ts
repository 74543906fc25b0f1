import { relateShapes } from '../relate/relate.ts'
import { countedValues } from '../relate/scalars.ts'
import type { ScalarShape } from '../schema/shape.ts'
import { changeAt } from './change.ts'
import type { Change, Spot } from './change.ts'
import { ruleWords } from './rule-changes.ts'
import { shapesText, valuesText } from './words.ts'

const listedValues = (shapes: readonly ScalarShape[]): readonly unknown[] | undefined => {
  const lists = shapes.map((shape) => ('values' in shape && shape.values ? countedValues(shape) : undefined))
  return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? [])
}

const listWords = (old: readonly unknown[], next: readonly unknown[]): readonly string[] => {
  const lost = old.filter((value) => !next.includes(value))
  const found = next.filter((value) => !old.includes(value))
  return [
    ...(lost.length > 0 ? [`can no longer be ${valuesText(lost)}`] : []),
    ...(found.length > 0 ? [`may also be ${valuesText(found)}`] : []),
  ]
}

const rangeWords = (old: readonly ScalarShape[], next: readonly ScalarShape[]): readonly string[] => {
  const isCutAlike = shapesText(old) === shapesText(next)
  const [before, after] = [shapesText(old, isCutAlike), shapesText(next, isCutAlike)]
  return before === after ? [] : [`was ${before}, is now ${after}`]
}

const wordsOf = (old: readonly ScalarShape[], next: readonly ScalarShape[]): string => {
  const [before, after] = [listedValues(old), listedValues(next)]
  const words = before === undefined || after === undefined ? rangeWords(old, next) : listWords(before, after)
  const rules = ruleWords(
    old.flatMap((shape) => shape.rules),
    next.flatMap((shape) => shape.rules),
  )
  return [...words, ...rules].join('; ') || 'is described in another way'
}

/** What changed in scalar alternatives of one JSON type. */
export const scalarChanges = (
  old: readonly ScalarShape[],
  next: readonly ScalarShape[],
  spot: Spot,
): readonly Change[] => {
  const relations = { newReaders: relateShapes(old, next), oldReaders: relateShapes(next, old) }
  if (relations.newReaders === 'inside' && relations.oldReaders === 'inside') return []
  return [
    changeAt(spot, {
      kind: 'value',
      what: wordsOf(old, next),
      relations,
      advice: 'Take everything that was taken before',
    }),
  ]
}

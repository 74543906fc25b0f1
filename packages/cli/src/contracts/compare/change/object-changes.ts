import { isEmpty, relate } from '../relate/relate.ts'
import { listedNames, namesOf } from '../relate/objects.ts'
import { fieldOf, shapesOf } from '../schema/shapes-of.ts'
import type { ObjectShape } from '../schema/shape.ts'
import { below, changeAt } from './change.ts'
import type { Change, Spot, Walk } from './change.ts'
import {
  defaultChange,
  goneField,
  newField,
  renamedField,
  renamesOf,
  requirementChange,
} from './field-changes.ts'
import type { Field } from './field-changes.ts'
import { ruleChanges } from './rule-changes.ts'
import { shapesText } from './words.ts'

const fieldIn = (shape: ObjectShape, name: string): Field => ({
  name,
  schema: fieldOf(shape, name),
  isRequired: shape.required.has(name),
})

const isThere = ({ schema }: Field) => !isEmpty(schema)

const pairChanges = (old: Field, next: Field, spot: Spot, walk: Walk): readonly Change[] => [
  ...requirementChange(old, next, spot),
  ...defaultChange(old, next, spot),
  ...walk(old.schema, next.schema, below(spot, old.name)),
]

const namesChange = (old: ObjectShape, next: ObjectShape, spot: Spot): readonly Change[] => {
  const [before, after] = [namesOf(old), namesOf(next)]
  const relations = { newReaders: relate(before, after), oldReaders: relate(after, before) }
  if (relations.newReaders === 'inside' && relations.oldReaders === 'inside') return []
  const text = (place: typeof before) => shapesText(shapesOf(place).filter(({ kind }) => kind === 'text'))
  return [
    changeAt(below(spot, '*'), {
      kind: 'value',
      what: `was named by ${text(before)}, is now named by ${text(after)}`,
      relations,
      advice: 'Take every name that was taken before',
    }),
  ]
}

/** Fields that neither object lists: taken or refused, and what they may be. */
const otherChanges = (old: ObjectShape, next: ObjectShape, spot: Spot, walk: Walk): readonly Change[] => {
  const [took, takes] = [!isEmpty(old.others), !isEmpty(next.others)]
  if (took && takes)
    return [...namesChange(old, next, spot), ...walk(old.others, next.others, below(spot, '*'))]
  if (took === takes) return []
  return [
    changeAt(below(spot, '*'), {
      kind: 'other',
      what: takes ? 'may now be a field of any other name' : 'may no longer be a field of any other name',
      relations: {
        newReaders: takes ? 'inside' : 'beyond',
        oldReaders: takes ? 'beyond' : 'inside',
      },
      because: { [takes ? 'oldReaders' : 'newReaders']: 'fields of other names' },
      advice: 'Go on taking fields of other names',
    }),
  ]
}

/** What changed from one object to another. */
export const objectChanges = (
  old: ObjectShape,
  next: ObjectShape,
  spot: Spot,
  walk: Walk,
): readonly Change[] => {
  const fields = listedNames(old, next).map((name) => [fieldIn(old, name), fieldIn(next, name)] as const)
  const gone = fields.flatMap(([before, after]) => (isThere(before) && !isThere(after) ? [before] : []))
  const come = fields.flatMap(([before, after]) => (!isThere(before) && isThere(after) ? [after] : []))
  const renames = renamesOf(gone, come)
  const successors = new Set(renames.values())
  return [
    ...fields.flatMap(([before, after]) => {
      if (isThere(before) && isThere(after)) return pairChanges(before, after, spot, walk)
      const successor = renames.get(before)
      if (successor !== undefined) return [renamedField(before, successor, spot)]
      if (isThere(before)) return [goneField(before, spot)]
      return isThere(after) && !successors.has(after) ? [newField(after, spot)] : []
    }),
    ...otherChanges(old, next, spot, walk),
    ...ruleChanges(old.rules, next.rules, spot),
  ]
}

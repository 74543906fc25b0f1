import { joined } from '../schema/meet.ts'
import type { Place } from '../schema/place.ts'
import { fieldOf } from '../schema/shapes-of.ts'
import type { ObjectShape } from '../schema/shape.ts'
import { together, whereThere } from './relation.ts'
import type { Relation } from './relation.ts'

/** Names that one of two objects lists, in their order. */
export const listedNames = (a: ObjectShape, b: ObjectShape): readonly string[] =>
  joined([...a.fields.keys()], [...b.fields.keys()], [...a.required], [...b.required])

/** What every name must be, as one schema. */
export const namesOf = ({ names, others }: ObjectShape): Place => {
  const [only, ...more] = names
  if (only === undefined) return { root: others.root, node: { type: 'string' } }
  return more.length === 0 ? only : { root: only.root, node: { allOf: names.map(({ node }) => node) } }
}

/** How an object stands to another. */
export const relateObjects = (
  writer: ObjectShape,
  reader: ObjectShape,
  relate: (writer: Place, reader: Place) => Relation,
  isEmpty: (place: Place) => boolean,
): Relation => {
  const relateField = (name: string): Relation => {
    const isAlways = writer.required.has(name)
    const isNeeded = reader.required.has(name)
    const [written, read] = [fieldOf(writer, name), fieldOf(reader, name)]
    if (isEmpty(written)) return isNeeded ? 'apart' : 'inside'
    const value = isEmpty(read) ? 'apart' : relate(written, read)
    if (isAlways) return value
    if (!isNeeded) return whereThere(value)
    return value === 'apart' ? 'apart' : 'beyond'
  }
  const relateOthers = (): Relation => {
    if (isEmpty(writer.others)) return 'inside'
    if (isEmpty(reader.others)) return 'beyond'
    return together([
      whereThere(relate(writer.others, reader.others)),
      reader.names.length === 0 ? 'inside' : whereThere(relate(namesOf(writer), namesOf(reader))),
    ])
  }
  return together([...listedNames(writer, reader).map(relateField), relateOthers()])
}

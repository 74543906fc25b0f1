import { nearestKey } from '@commerce-mesh/contracts'
import { relate } from '../relate/relate.ts'
import { isNode } from '../schema/place.ts'
import type { Place } from '../schema/place.ts'
import { below, changeAt } from './change.ts'
import type { Both, Change, Spot } from './change.ts'
import { valueText } from './words.ts'

/** A field of an object before or after: its schema, and whether it must be there. */
export type Field = { readonly name: string; readonly schema: Place; readonly isRequired: boolean }

const missing = (name: string, isRequired: boolean) => (isRequired ? [`is missing: ${name}`] : [])
const unknown = (name: string) => `not a field: ${name}`

const pathOf = (spot: Spot, name: string) => [...spot.path, name].join('.')

/** A field that is new in an object that takes no other fields. */
export const newField = ({ name, isRequired }: Field, spot: Spot): Change =>
  changeAt(below(spot, name), {
    kind: 'new',
    what: isRequired ? 'is new and required' : 'is new and optional',
    relations: { newReaders: isRequired ? 'beyond' : 'inside', oldReaders: 'beyond' },
    because: {
      newReaders: missing(pathOf(spot, name), isRequired).join(''),
      oldReaders: unknown(pathOf(spot, name)),
    },
    advice: 'Make it optional, or give it a default',
  })

/** A field that is gone from an object that takes no other fields. */
export const goneField = ({ name, isRequired }: Field, spot: Spot): Change =>
  changeAt(below(spot, name), {
    kind: 'gone',
    what: isRequired ? 'is gone; it was required' : 'is gone; it was optional',
    relations: { newReaders: 'beyond', oldReaders: isRequired ? 'beyond' : 'inside' },
    because: {
      newReaders: unknown(pathOf(spot, name)),
      oldReaders: missing(pathOf(spot, name), isRequired).join(''),
    },
    advice: `Keep ${pathOf(spot, name)}, as optional where it is no longer written`,
  })

/** A field that goes by another name. */
export const renamedField = (old: Field, next: Field, spot: Spot): Change => {
  const [was, is] = [pathOf(spot, old.name), pathOf(spot, next.name)]
  return changeAt(below(spot, old.name), {
    kind: 'renamed',
    to: is,
    what: `renamed to ${next.name}`,
    relations: { newReaders: 'beyond', oldReaders: 'beyond' },
    because: {
      newReaders: [...missing(is, next.isRequired), unknown(was)].join('; '),
      oldReaders: [...missing(was, old.isRequired), unknown(is)].join('; '),
    },
    advice: `Keep ${was} and add ${is} as optional`,
  })
}

/** A field that may be left out now, or no longer. */
export const requirementChange = (old: Field, next: Field, spot: Spot): readonly Change[] => {
  if (old.isRequired === next.isRequired) return []
  const path = pathOf(spot, old.name)
  const relations: Both = next.isRequired
    ? { newReaders: 'beyond', oldReaders: 'inside' }
    : { newReaders: 'inside', oldReaders: 'beyond' }
  return [
    changeAt(below(spot, old.name), {
      kind: next.isRequired ? 'required' : 'optional',
      what: next.isRequired ? 'is required now; it was optional' : 'is optional now; it was required',
      relations,
      because: { [next.isRequired ? 'newReaders' : 'oldReaders']: `is missing: ${path}` },
      advice: `Leave ${path} optional, or give it a default`,
    }),
  ]
}

const defaultOf = ({ node }: Place): unknown => (isNode(node) ? node['default'] : undefined)

/** What is read where a field is left out has changed: nothing is refused, but old events say something else now. */
export const defaultChange = (old: Field, next: Field, spot: Spot): readonly Change[] => {
  const [was, is] = [defaultOf(old.schema), defaultOf(next.schema)]
  // Where the field was required no event goes without it.
  if (old.isRequired || next.isRequired || JSON.stringify(was) === JSON.stringify(is)) return []
  const words = (value: unknown) => (value === undefined ? 'nothing' : valueText(value))
  return [
    {
      ...changeAt(below(spot, old.name), {
        kind: 'default',
        what: `means ${words(is)} where it is left out; it meant ${words(was)}`,
        relations: { newReaders: 'inside', oldReaders: 'inside' },
        advice: '',
      }),
      advice: `stored events without it are read in another way now: keep the default, unless that is what you want.`,
    },
  ]
}

const isSame = (a: Place, b: Place) => relate(a, b) === 'inside' && relate(b, a) === 'inside'

const isWithin = (name: string, other: string) => name.toLowerCase().includes(other.toLowerCase())

/** The field that a gone one is now called, if any: alike in schema and in whether it must be there, the nearest name first. */
const successorOf = (old: Field, come: readonly Field[]): Field | undefined => {
  const alike = come.filter((next) => next.isRequired === old.isRequired && isSame(old.schema, next.schema))
  const longer = alike.find(({ name }) => isWithin(name, old.name) || isWithin(old.name, name))
  const nearest = nearestKey(
    old.name,
    alike.map(({ name }) => name),
  )
  return longer ?? alike.find(({ name }) => name === nearest) ?? alike[0]
}

/** Fields of one object that went, each with the one that came in its place. */
export const renamesOf = (gone: readonly Field[], come: readonly Field[]): ReadonlyMap<Field, Field> =>
  gone.reduce<ReadonlyMap<Field, Field>>((pairs, old) => {
    const taken = new Set(pairs.values())
    const found = successorOf(
      old,
      come.filter((next) => !taken.has(next)),
    )
    return found === undefined ? pairs : new Map([...pairs, [old, found]])
  }, new Map())

import type { EventContract } from '../event.ts'
import { editDistance } from './edit-distance.ts'

/** Contracts by event type. */
export type KnownContracts = ReadonlyMap<string, EventContract>

const VERSION = /\.v(\d{1,9})$/

/** A third of the letters may be wrong, as far as it is still a slip of the pen. */
const MOST_EDITS = 8

const versionsOf = (name: string, known: KnownContracts): readonly number[] =>
  [...known.values()]
    .filter((contract) => contract.name === name)
    .map(({ version }) => version)
    .toSorted((a, b) => a - b)

const nearestTo = (type: string, known: KnownContracts): string | undefined => {
  const most = Math.min(MOST_EDITS, Math.max(1, Math.floor(type.length / 3)))
  const [nearest] = [...known.keys()]
    .map((candidate) => ({ candidate, distance: editDistance(type.toLowerCase(), candidate, most) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
  return nearest?.candidate
}

/** What is wrong with a type that has no contract, and what may have been meant. Repeats names of contracts only. */
export const unknownTypeMessage = (type: string, known: KnownContracts): string => {
  const version = VERSION.exec(type)?.[1]
  const name = version === undefined ? type : type.slice(0, -`.v${version}`.length)
  const versions = versionsOf(name, known).map((one) => `v${one}`)
  if (versions.length > 0)
    return version === undefined
      ? `has no version: write ${versions.map((one) => `${name}.${one}`).join(' or ')}`
      : `${type} is not known; there are ${versions.join(', ')}`
  const nearest = nearestTo(type, known)
  return nearest === undefined
    ? 'is not known: there is no contract for it'
    : `is not known; did you mean ${nearest}?`
}

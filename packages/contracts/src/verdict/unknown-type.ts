import type { EventContract } from '../event.ts'
import { nearestKey } from './nearest-key.ts'

/** Contracts by event type. */
export type KnownContracts = ReadonlyMap<string, EventContract>

const VERSION = /\.v(\d{1,9})$/

const versionsOf = (name: string, known: KnownContracts): readonly number[] =>
  [...known.values()]
    .filter((contract) => contract.name === name)
    .map(({ version }) => version)
    .toSorted((a, b) => a - b)

/** What is wrong with a type that has no contract, and what may have been meant. Repeats names of contracts only. */
export const unknownTypeMessage = (type: string, known: KnownContracts): string => {
  const version = VERSION.exec(type)?.[1]
  const name = version === undefined ? type : type.slice(0, -`.v${version}`.length)
  const versions = versionsOf(name, known).map((one) => `v${one}`)
  if (versions.length > 0)
    return version === undefined
      ? `has no version: write ${versions.map((one) => `${name}.${one}`).join(' or ')}`
      : `${type} is not known; there are ${versions.join(', ')}`
  const nearest = nearestKey(type, [...known.keys()])
  return nearest === undefined
    ? 'is not known: there is no contract for it'
    : `is not known; did you mean ${nearest}?`
}

import { readableVersions } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'

/** Every version that contracts can read, each once: they themselves, then those that only an upcast knows. */
export const versionsOf = (contracts: readonly EventContract[]): ReadonlyMap<string, EventContract> => {
  const all = [...contracts, ...contracts.flatMap(readableVersions)]
  return new Map(
    all
      .toReversed()
      .map((contract) => [contract.type, contract] as const)
      .toReversed(),
  )
}

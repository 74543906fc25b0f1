import type { EventContract } from '../event.ts'

/** How data of an older major version becomes data of this one. Pure: the same event gives the same result at any time. */
export type Upcast<D = unknown> = {
  readonly from: EventContract
  map(data: unknown): D
}

/**
 * Declares how an older major version is read as a newer one, for the newer one's `upcast`.
 *
 * @param from - the older version of the same event; it may have an upcast of its own, so that versions form a chain.
 * @param map - the newer data. It must be valid for every valid older event, and keep the record key.
 *
 * @example
 * defineEvent({ name: 'seat.reserved', version: 2, upcast: upcastFrom(seatReservedV1, (v1) => ({ ...v1, seats: 1 })), ... })
 */
export const upcastFrom = <F, D>(from: EventContract<F>, map: (data: F) => D): Upcast<D> => ({
  from: from as unknown as EventContract,
  map: map as (data: unknown) => D,
})

/** The versions that a reader of a contract can take, its own first, then those that are upcast to it. */
export const readableVersions = (contract: EventContract): readonly EventContract[] => [
  contract,
  ...(contract.upcast === undefined ? [] : readableVersions(contract.upcast.from)),
]

import type { EventContract } from '@commerce-mesh/contracts'

/** `OrderPlacedV1`, for `order.placed.v1`. */
export const typeNameOf = ({ type }: Pick<EventContract, 'type'>): string =>
  type.replaceAll(/(?:^|[.-])([a-z])/g, (_all, first: string) => first.toUpperCase())

import { type EventContract, deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'

/** What the runtime emits for every service besides what it declares. */
export const BOOKKEEPING: readonly EventContract[] = [hopRecorded, deadLetterRecorded]

/** Whether an event is the mesh's own bookkeeping. */
export const isBookkeeping = ({ type }: Pick<EventContract, 'type'>): boolean =>
  BOOKKEEPING.some((contract) => contract.type === type)

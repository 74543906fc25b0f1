import type { Bus } from '@commerce-mesh/mesh'

/**
 * What the suite asks of a bus driver. One check runs at a time: `open`, then maybe `join` and `reopen`, then `cleanup`.
 * Checks use topics and groups of their own, so a harness may keep one broker for all of them.
 */
export type BusHarness = {
  /** The driver's name, as the report shows it. */
  readonly name: string
  open(): Promise<Bus>
  /** Opens the same data again; the suite has closed the bus before. Leave it out when nothing outlives the process. */
  reopen?(): Promise<Bus>
  /** A further client of the same log, as another process would be. Without it, members of a group share the bus. */
  join?(): Promise<Bus>
  /** Frees and deletes what `open`, `reopen` and `join` made; the suite has closed every bus before. */
  cleanup(): Promise<void>
  /** How long the driver may take until something shows, in milliseconds; 15,000 when absent. */
  readonly patienceMs?: number
  /** Most records that a stalled subscription of four partitions may hold; 2,000 when absent. */
  readonly maxInFlight?: number
}

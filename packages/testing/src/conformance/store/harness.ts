import type { Store } from '@commerce-mesh/mesh'

/**
 * What the suite asks of a store driver. One check runs at a time: `open`, then maybe `reopen`, then `cleanup`. Checks
 * use collections of their own, so a harness may keep one database for all of them.
 */
export type StoreHarness = {
  /** The driver's name, as the report shows it. */
  readonly name: string
  open(): Promise<Store>
  /** Opens the same data again; the suite has closed the store before. Leave it out when nothing outlives the process. */
  reopen?(): Promise<Store>
  /** Frees and deletes what `open` and `reopen` made; the suite has closed the store before. */
  cleanup(): Promise<void>
  /** How long one operation may take, in milliseconds; 15,000 when absent. */
  readonly patienceMs?: number
}

import type { EngineName, Way } from '../engine/engine.ts'
import type { Place } from '../place/place.ts'
import type { Say } from '../progress.ts'

/** What `up` shall start. */
export type UpOptions = {
  readonly place: Place
  readonly names: readonly EngineName[]
  /** The way that MESH_ENGINES demands. */
  readonly demanded: Way | undefined
  /** Number of Kafka brokers; undefined: one, or as many as run already. */
  readonly brokers: number | undefined
  /** Whether to begin with empty data, also where it runs already. */
  readonly fresh: boolean
  /** Whether to take ports of its own rather than those that everybody knows. */
  readonly ownPorts: boolean
  readonly say: Say
}

import type { BusRecord } from '@commerce-mesh/mesh'

/**
 * One record in one handler: `finished` when it resolved in time, `late` when it settled after its signal had aborted,
 * `failed` when it rejected.
 */
export type Handling = {
  readonly label: string
  readonly record: BusRecord
  readonly signal: AbortSignal
  state: 'running' | 'finished' | 'failed' | 'late'
}

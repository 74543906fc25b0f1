import type { DeadLetter } from '../dead-letter/dead-letter.ts'
import type { AuditReport } from './audit.ts'
import type { ServiceProgress } from './progress.ts'

/** Which dead letters to list. */
export type DeadLetterFilter = {
  readonly class?: string
  readonly service?: string
  /** Record key, e.g. an order number. */
  readonly key?: string
  /** Default: `open`. */
  readonly status?: 'open' | 'redriven' | 'discarded'
  /** 1 to 1,000; default 100. */
  readonly limit?: number
}

/** What an operator can see and do; the same over the engines and over the gateway's HTTP. */
export type Operations = {
  deadLetters(filter: DeadLetterFilter): Promise<DeadLetter[]>
  /** @throws MeshError MESH_DEAD_LETTER_UNKNOWN */
  deadLetter(id: string): Promise<DeadLetter>
  /** Puts the record back in front of its handler, behind what waits for the same key. @throws MeshError MESH_DEAD_LETTER_UNKNOWN, MESH_DEAD_LETTER_CLOSED, MESH_EVENT_POISON, MESH_EVENT_CONTRACT, MESH_WAITING_FULL */
  redrive(id: string, by: string): Promise<DeadLetter>
  /** Closes the dead letter for good, with the reason. @throws like {@link redrive} */
  discard(id: string, by: string, reason: string): Promise<DeadLetter>
  /** Promise 6: accepted = done + suppressed + dead + waiting + in flight, per service, by looking at every record. Who asks while one runs gets that one's report. */
  audit(): Promise<AuditReport>
  /** How far each service is, over all its replicas; cheap. */
  progress(): Promise<ServiceProgress[]>
}

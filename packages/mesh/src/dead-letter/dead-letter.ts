import type { DeadLetterClass } from '@commerce-mesh/contracts'

/** A record set aside with its class, reason and attempts, kept until a person redrives or discards it. */
export type DeadLetter = {
  readonly id: string
  readonly status: 'open' | 'redriven' | 'discarded'
  readonly class: DeadLetterClass
  readonly code: string
  readonly reason: string
  readonly service: string
  readonly handler: string
  /** Record key, e.g. an order number; null where the record had none. */
  readonly key: string | null
  readonly eventId?: string
  readonly eventType?: string
  readonly attempts: number
  /** ISO instant. */
  readonly recordedAt: string
  readonly closedAt?: string
  readonly closedBy?: string
  readonly note?: string
  readonly traceId?: string
  /** The record as it came. `value` is base64, so that nothing undecodable is lost. Holds personal data. */
  readonly record: {
    readonly topic: string
    readonly partition: number
    readonly offset: number
    readonly timestamp: number
    readonly key: string | null
    readonly headers: Readonly<Record<string, string>>
    readonly value: string | null
  }
}

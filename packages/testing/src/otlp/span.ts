/** An attribute's value as JavaScript has it. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[]

/** Attributes by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** A span as the collector got it. */
export type CollectedSpan = {
  readonly traceId: string
  readonly spanId: string
  /** Absent where the trace begins. */
  readonly parentId?: string
  readonly name: string
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly durationMs: number
  readonly failed: boolean
  /** What the status says, where it says something. */
  readonly reason?: string
  readonly attributes: Attributes
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  /** `service.name` of the resource. */
  readonly service: string
  readonly resource: Attributes
  /** Name of the instrumentation that made it. */
  readonly scope: string
}

/** A value of a metric as the collector got it. */
export type CollectedMetric = {
  readonly name: string
  readonly kind: 'sum' | 'gauge' | 'histogram'
  readonly service: string
  readonly points: readonly {
    readonly attributes: Attributes
    /** Of a histogram: its count. */
    readonly value: number
    /** Of a histogram. */
    readonly sum?: number
    readonly bounds?: readonly number[]
    readonly buckets?: readonly number[]
  }[]
  /** Of a sum. */
  readonly monotonic?: boolean
}

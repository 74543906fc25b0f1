import { z } from 'zod'
import type { AttributeValue, Attributes, CollectedMetric, CollectedSpan } from './span.ts'

// OTLP in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), as far as tests look at it.

type AnyValue = {
  readonly stringValue?: string | undefined
  readonly boolValue?: boolean | undefined
  readonly intValue?: string | number | undefined
  readonly doubleValue?: number | undefined
  readonly arrayValue?: { readonly values?: readonly AnyValue[] | undefined } | undefined
}

const anyValue: z.ZodType<AnyValue> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.string(), z.number()]).optional(),
    doubleValue: z.number().optional(),
    arrayValue: z.object({ values: z.array(anyValue).optional() }).optional(),
  }),
)

const attributes = z.array(z.object({ key: z.string(), value: anyValue })).default([])
const nanos = z.union([z.string(), z.number()])
const traceId = z.string().regex(/^[0-9a-f]{32}$/)
const spanId = z.string().regex(/^[0-9a-f]{16}$/)

const span = z.object({
  traceId,
  spanId,
  parentSpanId: z.union([spanId, z.literal('')]).optional(),
  name: z.string(),
  kind: z.int().min(0).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  links: z.array(z.object({ traceId, spanId })).default([]),
  status: z.object({ code: z.int().optional(), message: z.string().optional() }).default({}),
})

const resource = z.object({ attributes }).default({ attributes: [] })
const scope = z.object({ name: z.string().default('') }).default({ name: '' })

const traces = z.object({
  resourceSpans: z
    .array(z.object({ resource, scopeSpans: z.array(z.object({ scope, spans: z.array(span).default([]) })) }))
    .default([]),
})

const number = z.object({
  attributes,
  asDouble: z.number().optional(),
  asInt: z.union([z.string(), z.number()]).optional(),
})
const histogramPoint = z.object({
  attributes,
  count: z.union([z.string(), z.number()]),
  sum: z.number().optional(),
  explicitBounds: z.array(z.number()).default([]),
  bucketCounts: z.array(z.union([z.string(), z.number()])).default([]),
})
const metric = z.object({
  name: z.string(),
  sum: z.object({ dataPoints: z.array(number), isMonotonic: z.boolean().default(false) }).optional(),
  gauge: z.object({ dataPoints: z.array(number) }).optional(),
  histogram: z.object({ dataPoints: z.array(histogramPoint) }).optional(),
})
const metrics = z.object({
  resourceMetrics: z
    .array(z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) }))
    .default([]),
})

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const STATUS_ERROR = 2

const plain = (value: AnyValue): AttributeValue => {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain)
  if (value.intValue !== undefined) return Number(value.intValue)
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null
}

const plainAttributes = (list: z.output<typeof attributes>): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]))

const serviceOf = (of: Attributes): string => String(of['service.name'] ?? '')

const milliseconds = (value: string | number): number => Number(BigInt(value) / 1_000n) / 1_000

/** The spans of a request to /v1/traces. @throws ZodError where it is not as OTLP has it. */
export const readSpans = (body: unknown): CollectedSpan[] =>
  traces.parse(body).resourceSpans.flatMap(({ resource: from, scopeSpans }) => {
    const known = plainAttributes(from.attributes)
    return scopeSpans.flatMap(({ scope: by, spans }) =>
      spans.map((one): CollectedSpan => {
        const startedAt = milliseconds(one.startTimeUnixNano)
        return {
          traceId: one.traceId,
          spanId: one.spanId,
          ...(one.parentSpanId && { parentId: one.parentSpanId }),
          name: one.name,
          kind: KINDS[one.kind] ?? 'unspecified',
          startedAt,
          durationMs: milliseconds(one.endTimeUnixNano) - startedAt,
          failed: one.status.code === STATUS_ERROR,
          ...(one.status.message && { reason: one.status.message }),
          attributes: plainAttributes(one.attributes),
          links: one.links,
          service: serviceOf(known),
          resource: known,
          scope: by.name,
        }
      }),
    )
  })

const numbers = (points: readonly z.output<typeof number>[]) =>
  points.map((point) => ({
    attributes: plainAttributes(point.attributes),
    value: Number(point.asDouble ?? point.asInt ?? Number.NaN),
  }))

const readMetric = (
  { name, sum, gauge, histogram }: z.output<typeof metric>,
  service: string,
): CollectedMetric[] => {
  if (sum !== undefined)
    return [{ name, kind: 'sum', service, monotonic: sum.isMonotonic, points: numbers(sum.dataPoints) }]
  if (gauge !== undefined) return [{ name, kind: 'gauge', service, points: numbers(gauge.dataPoints) }]
  if (histogram === undefined) return []
  const points = histogram.dataPoints.map((point) => ({
    attributes: plainAttributes(point.attributes),
    value: Number(point.count),
    ...(point.sum !== undefined && { sum: point.sum }),
    bounds: point.explicitBounds,
    buckets: point.bucketCounts.map(Number),
  }))
  return [{ name, kind: 'histogram', service, points }]
}

/** The metrics of a request to /v1/metrics. @throws ZodError where it is not as OTLP has it. */
export const readMetrics = (body: unknown): CollectedMetric[] =>
  metrics.parse(body).resourceMetrics.flatMap(({ resource: from, scopeMetrics }) => {
    const service = serviceOf(plainAttributes(from.attributes))
    return scopeMetrics.flatMap(({ metrics: all }) => all.flatMap((one) => readMetric(one, service)))
  })

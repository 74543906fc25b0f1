import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { context, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { detached } from '../active-span.ts'
import { apiSpanId, keepingTracer } from '../spans.fixture.ts'
import { silentTracer } from '../span.ts'
import { parseTraceparent } from '../traceparent.ts'
import { registerContext } from './context.ts'
import { instrumentationProvider } from './instrumentation-spans.ts'

const { tracer } = keepingTracer()
let kept: ReadableSpan[] = []

beforeEach(() => {
  kept = []
  registerContext()
  const resourceOf = (service: string) => resourceFromAttributes({ 'service.name': service })
  trace.setGlobalTracerProvider(instrumentationProvider(resourceOf, (span) => void kept.push(span)))
})
afterEach(() => {
  context.disable()
  trace.disable()
})

// What an instrumentation has: OpenTelemetry's API and nothing of the mesh.
const instrumented = (name: string) => trace.getTracer('instrumentation-x', '1.0.0').startSpan(name).end()

describe('spans made by OpenTelemetry’s API', () => {
  it('hang below the mesh’s active span, in its service', async () => {
    const span = tracer.start('consumer', 'process', {})
    const { traceId, spanId } = parseTraceparent(span.traceparent) ?? {}
    await span.run(async () => {
      await Promise.resolve()
      expect(apiSpanId()).toBe(spanId)
      instrumented('find')
    })
    expect(kept.map((one) => [one.name, one.spanContext().traceId, one.parentSpanContext?.spanId])).toEqual([
      ['find', traceId, spanId],
    ])
    expect(kept[0]?.resource.attributes).toMatchObject({ 'service.name': 'packing' })
    expect(kept[0]?.instrumentationScope).toMatchObject({ name: 'instrumentation-x', version: '1.0.0' })
  })

  it('hang below each other', () => {
    tracer.start('consumer', 'process', {}).run(() => {
      const otel = trace.getTracer('plugin')
      otel.startActiveSpan('outer', (outer) => {
        instrumented('inner')
        context.with(context.active(), () => instrumented('also inner'))
        outer.end()
      })
    })
    const [inner, also, outer] = kept
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
    expect(also?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
  })

  it('are not made by background work, nor in traces that are not kept: each would be a trace of its own', () => {
    instrumented('heartbeat')
    silentTracer.start('consumer', 'process', {}).run(() => instrumented('find'))
    tracer.start('consumer', 'process', {}).run(() => detached(() => instrumented('poll')))
    expect(kept).toEqual([])
  })
})

import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type Tracer,
  type TracerProvider as Provider,
  context,
  trace,
} from '@opentelemetry/api'
import type { Resource } from '@opentelemetry/resources'
import { AlwaysOffSampler, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { serviceOf } from './context.ts'
import type { SpanSink } from './span-sink.ts'

/**
 * The provider for everything that makes spans by OpenTelemetry's API: instrumentations and plugins. Their spans belong
 * to the service in whose work they are made. Only children of the mesh's spans are kept: what background work does
 * (polling, heartbeats) would make a trace of its own each time.
 */
export const instrumentationProvider = (
  resourceOf: (service: string) => Resource,
  keep: SpanSink['keep'],
): Provider => {
  const providers = new Map<string, TracerProvider>()
  const forward = {
    onStart: () => {},
    onEnd: keep,
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const providerOf = (service: string): TracerProvider => {
    const known = providers.get(service)
    if (known !== undefined) return known
    const sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() })
    const made = new TracerProvider({ resource: resourceOf(service), sampler, spanProcessors: [forward] })
    providers.set(service, made)
    return made
  }

  const tracerOf = (...scope: Parameters<Provider['getTracer']>): Tracer => {
    const startSpan: Tracer['startSpan'] = (name, options, parent = context.active()) => {
      const service = serviceOf(parent)
      if (service === undefined) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
      return providerOf(service)
        .getTracer(...scope)
        .startSpan(name, options, parent)
    }
    const startActiveSpan = (name: string, ...rest: readonly unknown[]): unknown => {
      const work = rest.at(-1) as (span: Span) => unknown
      const [options, parent = context.active()] = rest.slice(0, -1) as [object?, Context?]
      const span = startSpan(name, options, parent)
      return context.with(trace.setSpan(parent, span), () => work(span))
    }
    return { startSpan, startActiveSpan: startActiveSpan as Tracer['startActiveSpan'] }
  }
  return { getTracer: tracerOf }
}

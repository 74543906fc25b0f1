import { describe, expect, it } from '@jest/globals'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { createMetrics } from '../metrics.ts'
import { keepingTracer } from '../spans.fixture.ts'
import { createSpanSink } from './span-sink.ts'

const someSpans = (count: number): ReadableSpan[] => {
  const { tracer, spans } = keepingTracer()
  for (let nth = 0; nth < count; nth++) tracer.start('server', `s${nth}`, {}).end()
  return spans
}

/** An exporter that answers when the test says so. */
const heldExporter = () => {
  const batches: { names: string[]; done: (code: number) => void }[] = []
  const exporter: SpanExporter = {
    export: (spans, done) =>
      void batches.push({
        names: spans.map(({ name }) => name),
        done: (code) => done({ code, ...(code !== 0 && { error: new Error('down') }) }),
      }),
    shutdown: async () => {},
  }
  return { exporter, batches }
}

const setUp = (most: number) => {
  const metrics = createMetrics()
  const told: unknown[] = []
  const { exporter, batches } = heldExporter()
  const sink = createSpanSink(exporter, {
    metrics,
    most,
    failed: (...what) => void told.push(what.slice(0, 2)),
  })
  const dropped = async (reason: string) => {
    const line = (await metrics.text())
      .split('\n')
      .find((text) => text.startsWith(`mesh_spans_dropped_total{reason="${reason}"}`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  const close = async () => {
    const closing = sink.close()
    for (let turn = 0; turn < 5; turn++) {
      for (const { done } of batches) done(0)
      await Promise.resolve()
    }
    await closing
  }
  return { sink, batches, dropped, told, close }
}

describe('a sink of spans', () => {
  it('sends in batches and gives room back when they are sent', async () => {
    const { sink, batches, dropped, close } = setUp(4)
    const spans = someSpans(9)
    for (const span of spans.slice(0, 4)) sink.keep(span)
    expect(batches.map(({ names }) => names)).toEqual([['s0', 's1', 's2', 's3']])
    // Under way is not sent yet: nothing more is held meanwhile (promise 9).
    sink.keep(spans[4] as ReadableSpan)
    expect(await dropped('queue_full')).toBe(1)
    batches[0]?.done(0)
    for (const span of spans.slice(5)) sink.keep(span)
    expect(await dropped('queue_full')).toBe(1)
    expect(await dropped('not_sent')).toBe(0)
    await close()
  })

  it('counts and tells what could not be sent, and goes on', async () => {
    const { sink, batches, dropped, told, close } = setUp(2)
    const spans = someSpans(4)
    for (const span of spans.slice(0, 2)) sink.keep(span)
    batches[0]?.done(1)
    expect(await dropped('not_sent')).toBe(2)
    expect(told).toEqual([['spans', 2]])
    await Promise.resolve()
    for (const span of spans.slice(2)) sink.keep(span)
    expect(await dropped('queue_full')).toBe(0)
    await close()
  })

  it('sends what is left when it closes', async () => {
    const { sink, batches } = setUp(100)
    for (const span of someSpans(3)) sink.keep(span)
    expect(batches).toEqual([])
    const closing = sink.close()
    await Promise.resolve()
    await Promise.resolve()
    expect(batches.map(({ names }) => names)).toEqual([['s0', 's1', 's2']])
    batches[0]?.done(0)
    await closing
  })
})

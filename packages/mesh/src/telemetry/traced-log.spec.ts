import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { keepingTracer } from './spans.fixture.ts'
import { silentTracer } from './span.ts'
import { tracedLog } from './traced-log.ts'
import { parseTraceparent } from './traceparent.ts'

const setUp = () => {
  const lines: Record<string, unknown>[] = []
  const log = pino(
    { formatters: { level: (level) => ({ level }) } },
    { write: (line) => void lines.push(JSON.parse(line)) },
  )
  return { lines, log: tracedLog(log, 'packing') }
}

describe('log lines within a span', () => {
  it('name trace and span, with or without fields, also in child loggers and after awaits', async () => {
    const { lines, log } = setUp()
    const span = keepingTracer().tracer.start('consumer', 'x', {})
    await span.run(async () => {
      log.info('plain')
      await Promise.resolve()
      log.child({ more: 1 }).warn({ key: 'P-1' }, 'with fields')
    })
    const { traceId, spanId } = parseTraceparent(span.traceparent) ?? {}
    const ids = { trace_id: traceId, span_id: spanId, service: 'packing' }
    expect(lines).toMatchObject([
      { ...ids, level: 'info', msg: 'plain' },
      { ...ids, level: 'warn', key: 'P-1', more: 1, msg: 'with fields' },
    ])
  })

  it('name the trace alone where the span is sent to nobody', () => {
    const { lines, log } = setUp()
    const span = silentTracer.start('consumer', 'x', {})
    span.run(() => log.info({ a: 1 }, 'x'))
    expect(lines[0]).toMatchObject({ trace_id: parseTraceparent(span.traceparent)?.traceId, a: 1 })
    expect(lines[0]).not.toHaveProperty('span_id')
  })

  it('keep what they say themselves, and outside of spans have neither', () => {
    const { lines, log } = setUp()
    silentTracer.start('consumer', 'x', {}).run(() => log.info({ trace_id: 'mine' }, 'x'))
    log.info('outside')
    expect(lines[0]).toMatchObject({ trace_id: 'mine' })
    expect(lines[1]).not.toHaveProperty('trace_id')
  })
})

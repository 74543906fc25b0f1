import { describe, expect, it } from '@jest/globals'
import { derivedId } from '../aggregate/event-id.ts'
import { activeSpan, detached } from './active-span.ts'
import { keepingTracer, shownSpan } from './spans.fixture.ts'
import { silentTracer } from './span.ts'
import { parseTraceparent, publishSpan } from './traceparent.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = `00-${TRACE}-b7ad6b7169203331-01`
const UNSAMPLED = `00-${TRACE}-b7ad6b7169203331-00`

describe('a tracer that keeps spans', () => {
  it('makes a child of the parent, with what is known at its start and its end', () => {
    const { tracer, spans } = keepingTracer()
    const span = tracer.start('client', 'GET /x', { parent: PARENT, attributes: () => ({ a: 1 }) })
    expect(spans).toEqual([])
    span.end({ attributes: { b: 'two' } })
    const { spanId } = parseTraceparent(span.traceparent) ?? {}
    expect(spans.map(shownSpan)).toEqual([
      {
        name: 'GET /x',
        traceId: TRACE,
        spanId,
        parentId: 'b7ad6b7169203331',
        failed: false,
        attributes: { a: 1, b: 'two' },
        links: [],
      },
    ])
    expect(spanId).not.toBe('b7ad6b7169203331')
    expect(spans[0]).toMatchObject({
      kind: 2,
      ended: true,
      instrumentationScope: { name: 'commerce-mesh', version: '1.2.3' },
    })
  })

  it('marks failures with their kind', () => {
    const { tracer, spans } = keepingTracer()
    tracer.start('client', 'x', {}).end({ error: 'MESH_LMS_TIMEOUT', reason: 'No answer within 1 s.' })
    expect(spans[0]).toMatchObject({
      status: { code: 2, message: 'No answer within 1 s.' },
      attributes: { 'error.type': 'MESH_LMS_TIMEOUT' },
    })
  })

  it('ends a span once', () => {
    const { tracer, spans } = keepingTracer()
    const span = tracer.start('server', 'x', {})
    span.end({ error: '500' })
    span.end()
    expect(spans).toHaveLength(1)
    expect(spans[0]?.status.code).toBe(2)
  })

  it('respects what was decided where the trace began, and asks for nothing then', () => {
    const { tracer, spans } = keepingTracer(1)
    const attributes = () => {
      throw new Error('asked for')
    }
    const span = tracer.start('server', 'x', { parent: UNSAMPLED, attributes })
    expect(span).toMatchObject({ kept: false, traceparent: UNSAMPLED })
    span.end()
    expect(spans).toEqual([])
    const none = keepingTracer(0)
    none.tracer.start('server', 'x', { parent: PARENT }).end()
    expect(none.spans).toHaveLength(1)
  })

  it.each([undefined, 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    'begins a trace where there is no valid parent (%s), and decides on it',
    (parent) => {
      const begun = keepingTracer(1).tracer.start('server', 'x', { parent })
      expect(begun.kept).toBe(true)
      expect(parseTraceparent(begun.traceparent)).toMatchObject({ flags: '01' })
      const dropped = keepingTracer(0).tracer.start('server', 'x', { parent })
      expect(dropped.kept).toBe(false)
      expect(parseTraceparent(dropped.traceparent)).toMatchObject({ flags: '00' })
    },
  )

  it('links to other traces, and leaves out what is no link', () => {
    const { tracer, spans } = keepingTracer()
    tracer.start('consumer', 'x', { links: [PARENT, 'nonsense'] }).end()
    expect(spans[0]?.links).toEqual([{ context: expect.objectContaining({ traceId: TRACE }) }])
  })

  it('sends a planned span under the id that was given away, from when it was planned until now', () => {
    const { tracer, spans } = keepingTracer()
    const planned = publishSpan(PARENT, derivedId('e-1', 'x', 0))
    const startedAt = Date.now() - 5_000
    const send = { kind: 'producer', name: 'send', traceparent: planned, startedAt } as const
    tracer.emit({ ...send, parentId: 'b7ad6b7169203331', attributes: () => ({ a: 1 }) })
    expect(spans.map(shownSpan)).toMatchObject([
      {
        spanId: parseTraceparent(planned)?.spanId,
        traceId: TRACE,
        parentId: 'b7ad6b7169203331',
        attributes: { a: 1 },
      },
    ])
    expect(spans[0]?.duration[0]).toBeGreaterThanOrEqual(4)
  })

  it('lets no span end before it began, also where another machine’s clock goes ahead', () => {
    const { tracer, spans } = keepingTracer()
    tracer.emit({
      kind: 'producer',
      name: 'send',
      traceparent: PARENT,
      parentId: 'b7ad6b7169203331',
      startedAt: Date.now() + 60_000,
      attributes: () => ({}),
    })
    expect(spans[0]?.duration).toEqual([0, 0])
  })
})

describe('the active span', () => {
  it('is the one whose work runs, across awaits, and nobody’s outside', async () => {
    const { tracer } = keepingTracer()
    const outer = tracer.start('server', 'outer', {})
    const inner = silentTracer.start('client', 'inner', {})
    expect(activeSpan()).toBeUndefined()
    await outer.run(async () => {
      await Promise.resolve()
      expect(activeSpan()).toBe(outer)
      await inner.run(async () => {
        await Promise.resolve()
        expect(activeSpan()).toBe(inner)
        detached(() => expect(activeSpan()).toBeUndefined())
      })
      expect(activeSpan()).toBe(outer)
    })
    expect(activeSpan()).toBeUndefined()
  })
})

describe('the silent tracer', () => {
  it('hands trace context on as it is: whoever is asked next hangs below a span that exists', () => {
    expect(silentTracer.start('client', 'x', { parent: PARENT }).traceparent).toBe(PARENT)
    expect(silentTracer.start('client', 'x', {}).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })
})

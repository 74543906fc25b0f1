import { describe, expect, it } from '@jest/globals'
import { derivedId } from '../aggregate/event-id.ts'
import { heldOf, orderedEvent, parcelOrdered, recordOf } from '../aggregate/parcel.fixture.ts'
import type { OutboxEntry } from '../aggregate/document.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { Revoked } from '../service/call.ts'
import { on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { activeSpan } from './active-span.ts'
import { type RecordTracing, createRecordTracing, silentTracing } from './record-tracing.ts'
import { keepingTracer, shownSpan } from './spans.fixture.ts'
import { parseTraceparent, publishSpan } from './traceparent.ts'

const event = orderedEvent('e-1', { parcel: 'P-1', learner: { email: 'a@example.org', username: 'a' } })
const { traceId: TRACE, spanId: SENT } = parseTraceparent(event.extensions['traceparent']) ?? {}
const handler = on(parcelOrdered, 'pack', () => done({}))
const held = heldOf(event, 7)
const delivered = { record: held, understood: { event, key: 'P-1', handler } }

const setUp = () => {
  const { tracer, spans } = keepingTracer()
  const tracing = createRecordTracing({ tracer, service: 'packing', system: 'kafka' })
  const shown = () => spans.map(shownSpan)
  return { tracing, spans, shown }
}

const run = (tracing: RecordTracing, work: Parameters<RecordTracing['process']>[1], of = delivered) =>
  tracing.process(of, work)

describe('the span of a delivery', () => {
  it('hangs below the event’s publish span and says what became of the record', async () => {
    const { tracing, shown } = setUp()
    await run(tracing, async (processing) => {
      expect(activeSpan()).toBe(processing.span())
      processing.note({ outcome: 'done', attempt: 1 })
    })
    expect(shown()).toMatchObject([
      {
        name: 'process parcel.ordered.v1',
        traceId: TRACE,
        parentId: SENT,
        failed: false,
        attributes: {
          'messaging.system': 'kafka',
          'messaging.message.id': 'e-1',
          'messaging.kafka.message.key': 'P-1',
          'messaging.kafka.offset': 7,
          'messaging.consumer.group.name': 'packing',
          'mesh.handler': 'pack',
          'mesh.attempt': 1,
          'mesh.outcome': 'done',
        },
      },
    ])
  })

  it('leaves a personal key out (promise 11)', async () => {
    const { tracing, shown } = setUp()
    await run(tracing, async () => {}, {
      ...delivered,
      understood: { ...delivered.understood, key: 'a@example.org' },
    })
    expect(shown()[0]?.attributes).not.toHaveProperty('messaging.kafka.message.key')
  })

  it.each([
    ['a partition that was revoked', new Revoked('x'), { failed: false }, { 'mesh.outcome': 'revoked' }],
    [
      'a store that is away',
      new MeshError('MESH_STORE_UNAVAILABLE', 'x'),
      { failed: true },
      { 'mesh.outcome': 'uncommitted', 'error.type': 'MESH_STORE_UNAVAILABLE' },
    ],
    ['anything else', new TypeError('x'), { failed: true }, { 'error.type': 'TypeError' }],
  ])('tells of %s, and lets the error pass', async (_, thrown, fate, attributes) => {
    const { tracing, shown } = setUp()
    await expect(run(tracing, () => Promise.reject(thrown))).rejects.toBe(thrown)
    expect(shown()).toMatchObject([{ ...fate, attributes }])
  })

  it('calls work that somebody else overtook a conflict', async () => {
    const { tracing, shown } = setUp()
    await run(tracing, async () => undefined)
    expect(shown()).toMatchObject([{ failed: false, attributes: { 'mesh.outcome': 'conflict' } }])
  })

  it('ends while the record is held back, and another one begins with what follows', async () => {
    const { tracing, shown } = setUp()
    await run(tracing, async (processing) => {
      const first = processing.span()
      processing.pause({ outcome: 'held-back', code: 'MESH_LMS_TIMEOUT' })
      processing.pause({ outcome: 'held-back' })
      await processing.run(async () => expect(activeSpan()).not.toBe(first))
      processing.note({ outcome: 'done' })
    })
    expect(shown()).toMatchObject([
      { parentId: SENT, failed: true, attributes: { 'mesh.outcome': 'held-back' } },
      { parentId: SENT, failed: false, attributes: { 'mesh.outcome': 'done' } },
    ])
  })

  it('shows nothing more when the service stops while the record is held back', async () => {
    const { tracing, spans } = setUp()
    const stopped = run(tracing, async (processing) => {
      processing.pause({ outcome: 'held-back' })
      throw new Revoked('The service stops.')
    })
    await expect(stopped).rejects.toThrow(Revoked)
    expect(spans).toHaveLength(1)
  })

  it('is made of records that say nothing, too', async () => {
    const { tracing, shown } = setUp()
    const { headers: _, ...record } = recordOf(event)
    await tracing.process({ record: { ...record, headers: {} } }, async () => {})
    expect(shown()).toMatchObject([{ parentId: undefined, name: 'process parcel.ordered.v1' }])
  })

  it('hangs below the producer’s span where the event names none: instrumented producers send that header', async () => {
    const { tracing, shown } = setUp()
    const { ce_traceparent: traceparent = '', ...headers } = held.headers
    await run(tracing, async () => {}, {
      ...delivered,
      record: { ...held, headers: { ...headers, traceparent } },
    })
    expect(shown()).toMatchObject([{ traceId: TRACE, parentId: SENT }])
  })

  it('belongs to the trace of its redrive, with a link to the event’s', async () => {
    const { tracing, shown } = setUp()
    const parent = '00-11111111111111111111111111111111-2222222222222222-01'
    const link = event.extensions['traceparent'] ?? ''
    const redriven = { ...delivered, record: { ...held, trace: { link, parent } } }
    await run(tracing, async () => {}, redriven)
    await run(tracing, async () => {}, { ...delivered, record: { ...held, trace: { link } } })
    expect(shown()).toMatchObject([
      { traceId: '1'.repeat(32), parentId: '2'.repeat(16), links: [SENT] },
      { parentId: undefined, links: [SENT] },
    ])
    expect(shown()[1]?.traceId).not.toBe(TRACE)
  })

  it('is not made for the mesh’s own bookkeeping, nor for projections', async () => {
    const { tracing, spans } = setUp()
    const bookkeeping = { ...handler, contract: { ...parcelOrdered, journaled: false } }
    const work = async (processing: { span(): { traceparent: string } }) =>
      expect(parseTraceparent(processing.span().traceparent)?.traceId).toBe(TRACE)
    await run(tracing, work, { ...delivered, understood: { event, key: 'P-1', handler: bookkeeping } })
    await run(silentTracing, work)
    expect(spans).toEqual([])
  })
})

describe('publish spans', () => {
  const EVENT = derivedId('e-1', 'parcel.packed.v1', 0)
  const process = `00-${TRACE}-3333333333333333-01`
  const entry = (span?: Extract<OutboxEntry, { kind: 'event' }>['span']): OutboxEntry => ({
    kind: 'event',
    topic: 'parcel.packed.v1',
    key: 'P-1',
    headers: { ce_id: EVENT, ce_traceparent: publishSpan(process, EVENT) },
    value: '{}',
    ...(span && { span }),
  })

  it('are sent when their event is on the bus, with its place', () => {
    const { tracing, shown } = setUp()
    const places = [0, 5].map((partition) => ({ topic: 'x', partition }))
    tracing.published([entry(), entry({ parent: '3'.repeat(16), startedAt: Date.now() })], places)
    expect(shown()).toMatchObject([
      {
        name: 'send parcel.packed.v1',
        traceId: TRACE,
        spanId: parseTraceparent(publishSpan(process, EVENT))?.spanId,
        parentId: '3'.repeat(16),
        attributes: {
          'messaging.operation.type': 'send',
          'messaging.destination.partition.id': '5',
          'messaging.message.id': EVENT,
          'messaging.kafka.message.key': 'P-1',
        },
      },
    ])
  })

  it('are not made of entries from before there were any, nor of the journal’s', () => {
    const { tracing, spans } = setUp()
    tracing.published([entry()], [])
    expect(spans).toEqual([])
  })

  it('leave a personal key out', () => {
    const { tracing, shown } = setUp()
    tracing.published([entry({ parent: '3'.repeat(16), startedAt: 0, personalKey: true })], [])
    expect(shown()[0]?.attributes).not.toHaveProperty('messaging.kafka.message.key')
  })
})

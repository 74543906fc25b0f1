import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { type AggregateDocument, type OutboxEntry, emptyDocument } from '../aggregate/document.ts'
import {
  TRACEPARENT,
  attemptAt,
  heldOf,
  orderedEvent,
  parcelOrdered,
  parcelPacked,
  recordOf,
} from '../aggregate/parcel.fixture.ts'
import { settle } from '../aggregate/settle.ts'
import type { Bus, OutgoingRecord } from '../bus/bus.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { rulesOf } from '../dispatch/rules.fixture.ts'
import { createKeyLock } from '../flow/key-lock.ts'
import { createSlots } from '../flow/slots.ts'
import { createBreaker } from '../retry/breaker.ts'
import { type HandlerContext, on } from '../service/handler.ts'
import { type Outcome, dead, done, emit, retry } from '../service/outcome.ts'
import type { Store, Stored } from '../store/store.ts'
import { activeSpan } from '../telemetry/active-span.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createRecordTracing } from '../telemetry/record-tracing.ts'
import { keepingTracer, shownSpan } from '../telemetry/spans.fixture.ts'
import { parseTraceparent } from '../telemetry/traceparent.ts'
import { createAttempts } from './attempt.ts'
import { createConsumer } from './consumer.ts'

type State = { readonly packed: number }
type Document = AggregateDocument<State>

const packed: Outcome<State> = done({ packed: 1 }, [emit(parcelPacked, { parcel: 'P-1' })])
const ill = { code: 'MESH_LMS_ERROR', reason: 'ill' }
const fresh: Document = emptyDocument({ packed: 0 })
const ordered = orderedEvent('e-1', { parcel: 'P-1' })
const { traceId: TRACE, spanId: SENT } = parseTraceparent(TRACEPARENT) ?? {}

/** A real consumer with real attempts, on a store of one document, whose spans are kept in a list. */
const setUp = (
  handle: (context: HandlerContext) => Outcome<State>,
  { document, bus = {} }: { document?: Document; bus?: Partial<Bus> } = {},
) => {
  const { tracer, spans } = keepingTracer()
  let stored: Stored<Document> | undefined = document && { id: 'P-1', version: 1, body: document }
  const lines: Record<string, unknown>[] = []
  const published: OutgoingRecord[] = []
  const waiting: (string | undefined)[] = []
  const store = {
    get: async (collection: string) => (collection === 'packing' ? structuredClone(stored) : undefined),
    put: async (collection: string, id: string, body: unknown, expected: number) => {
      if (collection === 'packing')
        stored = { id, version: expected + 1, body: structuredClone(body) as Document }
      return expected + 1
    },
  } as unknown as Store
  const publish = async (records: readonly OutgoingRecord[]) => {
    published.push(...records)
    return records.map(({ topic }) => ({ topic, partition: 2 }))
  }
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) })
  const metrics = createMetrics()
  const parts = {
    service: 'packing',
    metrics,
    log,
    now: () => Date.now(),
    journaled: true,
    deadlineMs: 1_000,
    breaker: createBreaker({ failures: 1, coolDownMs: 1, maxCoolDownMs: 1 }, () => {}),
    slots: createSlots(1),
    owns: () => true,
    retry: { initialMs: 0, factor: 1, maxMs: 0, jitter: 0, windowHours: 1 },
  }
  const consumer = createConsumer<State>({
    ...parts,
    initialState: () => ({ packed: 0 }),
    rules: rulesOf([on(parcelOrdered, 'pack', (_event, _state: State, context) => handle(context))]),
    emits: new Set([parcelPacked.type]),
    stopping: new AbortController().signal,
    store,
    bus: { publish, ...bus } as unknown as Bus,
    locks: createKeyLock(),
    hold: () => ({ signal: never(), release: () => {} }),
    attempt: createAttempts<State>(parts),
    tracing: createRecordTracing({ tracer, service: 'packing', system: 'mesh_embedded' }),
    onWaiting: () => void waiting.push(activeSpan()?.traceparent),
  })
  const shown = () => spans.map(shownSpan)
  const packedSpan = () => shown().find(({ name }) => name === 'send parcel.packed.v1')
  /** Takes the line up until nothing waits any more. */
  const resumed = () =>
    eventually('nothing waits', async () => {
      await consumer.resume('P-1', never())
      return stored?.body.waiting === undefined
    })
  return { consumer, resumed, spans, shown, packedSpan, published, waiting, document: () => stored?.body }
}

const never = () => new AbortController().signal

const eventSpans = (outbox: readonly OutboxEntry[]) =>
  outbox.flatMap((entry) => (entry.kind === 'event' && entry.span !== undefined ? [entry.span] : []))

describe('the spans of a record', () => {
  it('are those of processing it and of what it emits, and the event carries its publish span', async () => {
    const { consumer, shown, published } = setUp(() => packed)
    await consumer.handle(recordOf(ordered), never())
    const [send, process] = shown()
    expect(shown()).toMatchObject([
      { name: 'send parcel.packed.v1', traceId: TRACE, parentId: process?.spanId },
      { name: 'process parcel.ordered.v1', traceId: TRACE, parentId: SENT },
    ])
    const [event, hop] = published.map(({ headers }) => parseTraceparent(headers['ce_traceparent']))
    expect(event?.spanId).toBe(send?.spanId)
    // The journal's entry makes no span: it names the one that it tells of.
    expect(hop?.spanId).toBe(process?.spanId)
  })

  it('begin with the record, go on below the handler’s, and give it its own', async () => {
    let given: string | undefined
    const { consumer, shown } = setUp(({ traceparent }) => {
      given = traceparent
      expect(activeSpan()?.traceparent).toBe(traceparent)
      return packed
    })
    await consumer.handle(recordOf(ordered), never())
    expect(parseTraceparent(given)?.spanId).toBe(shown()[1]?.spanId)
  })

  it('say why a record waits, and let the line’s timer belong to nobody', async () => {
    const { consumer, shown, waiting } = setUp(() => retry(ill))
    await consumer.handle(recordOf(ordered), never())
    expect(shown()).toMatchObject([
      { failed: true, attributes: { 'mesh.outcome': 'retry', 'mesh.attempt': 1, 'error.type': ill.code } },
    ])
    expect(waiting).toEqual([undefined])
  })

  it('are further ones of the same trace for each attempt', async () => {
    let attempts = 0
    const { consumer, resumed, shown } = setUp(() => (++attempts < 3 ? retry(ill) : packed))
    await consumer.handle(recordOf(ordered), never())
    await resumed()
    const processed = shown().filter(({ name }) => name.startsWith('process'))
    expect(processed.map(({ attributes }) => attributes['mesh.attempt'])).toEqual([1, 2, 3])
    for (const { parentId, traceId } of processed) expect([traceId, parentId]).toEqual([TRACE, SENT])
  })

  it('tell of records that are known already, that wait, and that nobody can read', async () => {
    const { consumer, shown } = setUp(() => dead(ill), {
      document: { ...fresh, inbox: { 'e-1': 'done' } },
    })
    await consumer.handle(recordOf(ordered), never())
    await consumer.handle({ ...recordOf(ordered), value: Buffer.from('{') }, never())
    const busy = {
      ...fresh,
      waiting: {
        dueAt: Infinity,
        since: 0,
        attempts: 1,
        ...ill,
        records: [heldOf(orderedEvent('e-0', { parcel: 'P-1' }))],
      },
    }
    const held = setUp(() => packed, { document: busy })
    await held.consumer.handle(recordOf(ordered), never())
    expect([...shown(), ...held.shown()].map(({ attributes }) => attributes['mesh.outcome'])).toEqual([
      'duplicate',
      'dead',
      'waiting',
    ])
    expect(shown()[1]).toMatchObject({ parentId: SENT, attributes: { 'error.type': 'MESH_EVENT_POISON' } })
  })
})

describe('publish spans that were planned', () => {
  const leftBehind = settle(fresh, attemptAt({ outcome: packed, sealedAt: Date.now() - 60_000 }))

  it('are known to the outbox: their parent, and when they began', () => {
    const again = settle(fresh, attemptAt({ outcome: packed, sealedAt: Date.now() - 60_000 }))
    expect(eventSpans(leftBehind.outbox)).toEqual([{ parent: SENT, startedAt: expect.any(Number) }])
    const [event] = leftBehind.outbox
    expect(event).toMatchObject({ headers: (again.outbox[0] as typeof event & { headers: object }).headers })
  })

  it('are sent by whoever carries the outbox out, also after a crash', async () => {
    const { consumer, spans, packedSpan, published } = setUp(() => packed, { document: leftBehind })
    await consumer.sweep('P-1')
    expect(packedSpan()).toMatchObject({
      spanId: parseTraceparent(published[0]?.headers['ce_traceparent'])?.spanId,
      traceId: TRACE,
      parentId: SENT,
      attributes: { 'messaging.destination.partition.id': '2' },
    })
    expect(spans[0]?.duration[0]).toBeGreaterThanOrEqual(59)
  })

  it('are not sent while the bus does not take the event', async () => {
    const down = { publish: () => Promise.reject(new Error('down')) }
    const { consumer, spans } = setUp(() => packed, { document: leftBehind, bus: down })
    await expect(consumer.sweep('P-1')).rejects.toThrow('down')
    expect(spans).toEqual([])
  })

  it('are none in outboxes of releases before them', async () => {
    const old = settle(fresh, attemptAt({ outcome: packed }))
    expect(eventSpans(old.outbox)).toEqual([])
    const { consumer, spans, published } = setUp(() => packed, { document: old })
    await consumer.sweep('P-1')
    expect(published.map(({ topic }) => topic)).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
    expect(spans).toEqual([])
  })
})

describe('a record that was redriven', () => {
  const redriven = (trace: { link?: string; parent?: string }): Document => ({
    ...fresh,
    waiting: {
      dueAt: 0,
      since: Date.now(),
      attempts: 1,
      ...ill,
      records: [{ ...heldOf(ordered), trace }],
    },
  })

  it('has a trace of its own over all its attempts, and links to its event’s', async () => {
    let attempts = 0
    const { resumed, shown, packedSpan } = setUp(() => (++attempts < 3 ? retry(ill) : packed), {
      document: redriven({ link: TRACEPARENT }),
    })
    await resumed()
    const [first, ...later] = shown().filter(({ name }) => name.startsWith('process'))
    expect(first).toMatchObject({ parentId: undefined, links: [SENT] })
    expect(first?.traceId).not.toBe(TRACE)
    expect(later).toHaveLength(2)
    for (const span of later)
      expect(span).toMatchObject({ traceId: first?.traceId, parentId: first?.spanId, links: [SENT] })
    expect(packedSpan()?.traceId).toBe(first?.traceId)
  })

  it('belongs to the request that redrove it', async () => {
    const parent = '00-11111111111111111111111111111111-2222222222222222-01'
    const { consumer, shown } = setUp(() => dead(ill), { document: redriven({ link: TRACEPARENT, parent }) })
    await consumer.resume('P-1', never())
    expect(shown()).toMatchObject([{ traceId: '1'.repeat(32), parentId: '2'.repeat(16), links: [SENT] }])
  })

  it('keeps its trace to itself: the next dead letter holds the record as it came', async () => {
    const { consumer, document } = setUp(() => dead(ill), {
      document: redriven({ link: TRACEPARENT }),
      bus: { publish: () => Promise.reject(new Error('down')) },
    })
    await expect(consumer.resume('P-1', never())).rejects.toThrow('down')
    const letters = (document()?.outbox ?? []).flatMap((entry) =>
      entry.kind === 'dead-letter' ? [entry.letter] : [],
    )
    expect(letters).toHaveLength(1)
    expect(letters[0]?.record).not.toHaveProperty('trace')
    expect(letters[0]?.traceId).not.toBe(TRACE)
  })
})

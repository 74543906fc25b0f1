import { pino } from 'pino'
import { describe, expect, it, jest } from '@jest/globals'
import { type AggregateDocument, emptyDocument } from '../aggregate/document.ts'
import {
  STARTED,
  attemptAt,
  heldOf,
  orderedEvent,
  parcelFailed,
  parcelOrdered,
  parcelPacked,
  recordOf,
} from '../aggregate/parcel.fixture.ts'
import { type Attempt, settle } from '../aggregate/settle.ts'
import type { Bus, OutgoingRecord } from '../bus/bus.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { gate, settled } from '../flow/eventually.fixture.ts'
import { rulesOf } from '../dispatch/rules.fixture.ts'
import { createKeyLock } from '../flow/key-lock.ts'
import { on } from '../service/handler.ts'
import { type Outcome, done, emit, retry } from '../service/outcome.ts'
import type { Store, Stored } from '../store/store.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { silentTracing } from '../telemetry/record-tracing.ts'
import type { AttemptMaker } from './attempt.ts'
import { createConsumer } from './consumer.ts'

type State = { readonly packed: number }
type Document = AggregateDocument<State>

const fresh: Document = emptyDocument({ packed: 0 })
const ordered = (id: string) => orderedEvent(id, { parcel: 'P-1' })
const packed: Outcome<State> = done({ packed: 1 }, [emit(parcelPacked, { parcel: 'P-1' })])
const again: Outcome<State> = retry({ code: 'MESH_LMS_ERROR', reason: 'ill' })

/** A document whose outbox was left behind by a crash after the commit. */
const leftBehind = settle(fresh, attemptAt({ outcome: packed }))

const waitingFor = (...ids: readonly string[]): Document => ({
  ...fresh,
  waiting: {
    dueAt: 1,
    since: 1,
    attempts: 1,
    code: 'MESH_LMS_ERROR',
    reason: 'ill',
    records: ids.map((id) => heldOf(ordered(id))),
  },
})

/** A consumer on a store with one document, with attempts that end as `decide` says. */
const setUp = (
  document: Document | undefined,
  decide: (id: string) => Promise<Outcome<State>> | Outcome<State> = () => packed,
) => {
  let stored: Stored<Document> | undefined = document && { id: 'P-1', version: 1, body: document }
  const published: OutgoingRecord[] = []
  const attempted: string[] = []
  const due: number[] = []
  const stopping = new AbortController()
  const owned = { now: true }
  /** What may still be taken up of what waits, and what of that has not ended. */
  const holds = { left: Infinity, open: 0, signal: new AbortController().signal }
  const put = jest.fn(async (_collection: string, id: string, body: unknown, expected: number) => {
    if ((stored?.version ?? 0) !== expected) return undefined
    stored = { id, version: expected + 1, body: structuredClone(body) as Document }
    return stored.version
  })
  const store = { get: async () => structuredClone(stored), put } as unknown as Store
  const bus = {
    publish: async (records: readonly OutgoingRecord[]) => void published.push(...records),
  } as unknown as Bus
  const signals: AbortSignal[] = []
  const make = async (
    _document: Document,
    record: { event: Attempt<State>['event'] },
    signal: AbortSignal,
  ): Promise<Attempt<State>> => {
    attempted.push(record.event.id)
    signals.push(signal)
    const outcome = await decide(record.event.id)
    return attemptAt(
      { outcome, ...(outcome.outcome === 'retry' && { nextAttemptAt: STARTED + 1_000 }) },
      record.event,
    )
  }
  const without = (_document: unknown, _record: unknown, outcome: Outcome<State>) =>
    attemptAt<State>({ outcome })
  const consumer = createConsumer<State>({
    service: 'packing',
    initialState: () => ({ packed: 0 }),
    rules: rulesOf([on(parcelOrdered, 'pack', (_event, state: State) => done(state))]),
    emits: new Set([parcelPacked.type, parcelFailed.type]),
    stopping: stopping.signal,
    store,
    bus,
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    locks: createKeyLock(),
    owns: () => owned.now,
    hold: () => {
      if (holds.left-- <= 0) return undefined
      holds.open++
      return { signal: holds.signal, release: () => void holds.open-- }
    },
    attempt: Object.assign(make, { without }) as unknown as AttemptMaker<State>,
    tracing: silentTracing,
    onWaiting: (dueAt) => void due.push(dueAt),
  })
  const types = () => published.map(({ topic }) => topic)
  return {
    consumer,
    put,
    types,
    attempted,
    signals,
    due,
    stopping,
    owned,
    holds,
    document: () => stored?.body,
  }
}

const never = () => new AbortController().signal

describe('consumer', () => {
  it('commits first and publishes then, and clears the outbox last', async () => {
    const { consumer, put, types, document } = setUp(undefined)
    await consumer.handle(recordOf(ordered('e-1')), never())
    expect(types()).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
    expect(put.mock.calls.map(([, , body]) => (body as Document).outbox.length)).toEqual([2, 0])
    expect(document()).toEqual({ state: { packed: 1 }, inbox: { 'e-1': 'done' }, outbox: [] })
  })

  it('handles the record anew when somebody else changed the document meanwhile: theirs stays', async () => {
    let rival = true
    const set = setUp({ ...fresh, state: { packed: 5 } }, async (id) => {
      if (rival && id === 'e-1') {
        rival = false
        await set.put('packing', 'P-1', { ...fresh, state: { packed: 40 } }, 1)
      }
      return packed
    })
    await set.consumer.handle(recordOf(ordered('e-1')), never())
    expect(set.attempted).toEqual(['e-1', 'e-1'])
    expect(set.document()?.inbox).toEqual({ 'e-1': 'done' })
    expect(set.types()).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
  })

  it('says at once when something waits, so that it is resumed in time', async () => {
    const { consumer, due } = setUp(undefined, () => again)
    await consumer.handle(recordOf(ordered('e-1')), never())
    expect(due).toEqual([STARTED + 1_000])
  })

  it('commits nothing of a partition that somebody else may own by now (promise 7)', async () => {
    const set = setUp(undefined, () => {
      set.owned.now = false
      return packed
    })
    await expect(set.consumer.handle(recordOf(ordered('e-1')), never())).rejects.toThrow(/revoked/)
    expect(set.put).not.toHaveBeenCalled()
    expect(set.types()).toEqual([])
  })

  it('commits nothing of what waited, either', async () => {
    const set = setUp(waitingFor('e-1'), () => {
      set.owned.now = false
      return packed
    })
    await expect(set.consumer.resume('P-1', never())).rejects.toThrow(/revoked/)
    expect(set.put).not.toHaveBeenCalled()
  })

  it('takes nothing up once the service stops: the record comes again', async () => {
    const { consumer, stopping, attempted } = setUp(undefined)
    stopping.abort()
    await expect(consumer.handle(recordOf(ordered('e-1')), never())).rejects.toThrow(/stops/)
    expect(attempted).toEqual([])
  })

  it('publishes what an earlier event left behind before it handles the next, which may take long', async () => {
    const slow = gate()
    const { consumer, types, attempted } = setUp(leftBehind, async () => {
      await slow.opened
      return packed
    })
    const handling = consumer.handle(recordOf(ordered('e-2')), never())
    await settled()
    expect(attempted).toEqual(['e-2'])
    expect(types()).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
    slow.open()
    await handling
    expect(types()).toHaveLength(4)
  })

  it('does not let the sweeper wait behind a key that is held back: other outboxes wait behind it', async () => {
    const slow = gate()
    const { consumer } = setUp(leftBehind, async () => {
      await slow.opened
      return packed
    })
    const handling = consumer.handle(recordOf(ordered('e-2')), never())
    await settled()
    await consumer.sweep('P-1')
    slow.open()
    await handling
  })

  it('sweeps what was left behind', async () => {
    const { consumer, types, document } = setUp(leftBehind)
    await consumer.sweep('P-1')
    expect(types()).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
    expect(document()?.outbox).toEqual([])
    await consumer.sweep('P-1')
    expect(types()).toHaveLength(2)
  })

  it('resumes a line in order, as far as it is due', async () => {
    const { consumer, attempted, document } = setUp(waitingFor('e-1', 'e-2', 'e-3'), (id) =>
      id === 'e-3' ? again : packed,
    )
    jest.useFakeTimers({ now: STARTED + 100 })
    try {
      await consumer.resume('P-1', never())
    } finally {
      jest.useRealTimers()
    }
    expect(attempted).toEqual(['e-1', 'e-2', 'e-3'])
    expect(document()?.waiting?.records.map(({ eventId }) => eventId)).toEqual(['e-3'])
  })

  it('given a line whose partition has moved, leaves the rest to whoever owns it', async () => {
    const { consumer, attempted, holds, document } = setUp(waitingFor('e-1', 'e-2'))
    holds.left = 1
    await consumer.resume('P-1', never())
    expect(attempted).toEqual(['e-1'])
    expect(document()?.waiting?.records.map(({ eventId }) => eventId)).toEqual(['e-2'])
    expect(holds.open).toBe(0)
  })

  it('works on what waited only as long as its partition allows, and says when that has ended', async () => {
    const revoked = new AbortController()
    const set = setUp(waitingFor('e-1'), () => {
      expect(set.holds.open).toBe(1)
      revoked.abort()
      expect(set.signals[0]?.aborted).toBe(true)
      throw new Error('The partition was revoked.')
    })
    set.holds.signal = revoked.signal
    await expect(set.consumer.resume('P-1', never())).rejects.toThrow(/revoked/)
    expect(set.holds.open).toBe(0)
    expect(set.put).not.toHaveBeenCalled()
  })

  it('given a decision that no document can hold, sets the record aside instead of trying for ever', async () => {
    const { consumer, put, types, attempted } = setUp(undefined)
    put.mockImplementationOnce(async () => {
      throw new MeshError('MESH_DOCUMENT_TOO_LARGE', 'The document has 17 MB; 16 MB are allowed.')
    })
    await consumer.handle(recordOf(ordered('e-1')), never())
    expect(attempted).toEqual(['e-1'])
    expect(put.mock.calls[1]?.[2]).toMatchObject({ state: { packed: 0 }, inbox: { 'e-1': 'dead' } })
    expect(types()).toContain('mesh.dead-letter-recorded.v1')
  })

  it('given a document that has no room for one more that waits, sets that one aside', async () => {
    const { consumer, put } = setUp(waitingFor('e-0'))
    put.mockImplementationOnce(async () => {
      throw new MeshError('MESH_DOCUMENT_TOO_LARGE', 'The document has 17 MB; 16 MB are allowed.')
    })
    await consumer.handle(recordOf(ordered('e-1')), never())
    expect(put.mock.calls[1]?.[2]).toMatchObject({
      inbox: { 'e-1': 'dead' },
      waiting: { records: [{ eventId: 'e-0' }] },
    })
  })

  it('takes up nothing further once the service stops, but finishes what it began', async () => {
    const { consumer, attempted, stopping, document } = setUp(waitingFor('e-1', 'e-2'), () => {
      stopping.abort()
      return packed
    })
    await consumer.resume('P-1', never())
    expect(attempted).toEqual(['e-1'])
    expect(document()?.inbox).toEqual({ 'e-1': 'done' })
    await consumer.resume('P-1', never())
    expect(attempted).toEqual(['e-1'])
  })

  it('handles nothing after a revoke (promise 7)', async () => {
    const { consumer, attempted, put } = setUp(undefined)
    await expect(consumer.handle(recordOf(ordered('e-1')), AbortSignal.abort())).rejects.toThrow(/revoked/)
    await consumer.resume('P-1', AbortSignal.abort())
    expect(attempted).toEqual([])
    expect(put).not.toHaveBeenCalled()
  })
})

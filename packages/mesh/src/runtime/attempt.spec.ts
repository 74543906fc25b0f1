import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { type AggregateDocument, emptyDocument } from '../aggregate/document.ts'
import { orderedEvent, parcelOrdered, recordOf } from '../aggregate/parcel.fixture.ts'
import { decode } from '../dispatch/decode.ts'
import { rulesOf } from '../dispatch/rules.fixture.ts'
import { createSlots } from '../flow/slots.ts'
import { createBreaker } from '../retry/breaker.ts'
import { on } from '../service/handler.ts'
import { type Outcome, done, suppressed } from '../service/outcome.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { type Processing, silentTracing } from '../telemetry/record-tracing.ts'
import { createAttempts } from './attempt.ts'

type State = { readonly packed: number }

/** An attempt maker for one handler, with a clock that is moved by hand. */
const setUp = (handle: () => Outcome<State>) => {
  const owned = { now: true }
  const time = { ms: 0 }
  const logged: unknown[] = []
  const handler = on(parcelOrdered, 'pack', handle)
  const attempt = createAttempts<State>({
    service: 'packing',
    journaled: true,
    retry: { initialMs: 0, factor: 1, maxMs: 0, jitter: 0, windowHours: 1 },
    deadlineMs: 1_000,
    breaker: createBreaker({ failures: 1, coolDownMs: 1, maxCoolDownMs: 1 }, () => {}),
    slots: createSlots(1),
    metrics: createMetrics(),
    log: pino({}, { write: (line) => void logged.push(JSON.parse(line)) }),
    now: () => Date.now(),
    clock: () => time.ms,
    owns: () => owned.now,
  })
  const decoded = decode(recordOf(orderedEvent('e-1', { parcel: 'P-1' })), rulesOf([handler]))
  if ('refused' in decoded) throw new Error(decoded.reason)
  const within = <T>(work: (processing: Processing) => Promise<T> | T) =>
    silentTracing.process({ record: decoded.held, understood: decoded }, async (processing) =>
      work(processing),
    )
  const make = (document = emptyDocument<State>({ packed: 0 })) =>
    within((processing) => attempt(document, decoded, new AbortController().signal, processing))
  const without = (document: AggregateDocument<State>) =>
    within((processing) => attempt.without(document, decoded, suppressed('nothing to do'), processing))
  return { owned, time, logged, make, without, held: decoded.held }
}

describe('an attempt', () => {
  it('given a partition that went elsewhere while it waited for its turn, asks nobody (promise 7)', async () => {
    let calls = 0
    const { owned, make } = setUp(() => {
      calls++
      return done({ packed: 1 })
    })
    owned.now = false
    await expect(make()).rejects.toThrow(/revoked/)
    expect(calls).toBe(0)
    // Its place is free again.
    owned.now = true
    await expect(make()).resolves.toMatchObject({ outcome: { outcome: 'done' } })
    expect(calls).toBe(1)
  })

  it('names the handler that keeps the whole process from going on', async () => {
    const { time, logged, make } = setUp(() => {
      time.ms += 2_000
      return done({ packed: 1 })
    })
    await expect(make()).resolves.toMatchObject({ durationMs: 2_000 })
    await make()
    expect(logged).toMatchObject([{ msg: 'handler blocks the process', handler: 'pack', ms: 2_000 }])
  })

  it('that asks no handler is counted with those before it', async () => {
    const { without, held } = setUp(() => done({ packed: 1 }))
    const fresh = emptyDocument<State>({ packed: 0 })
    const waiting = { dueAt: 1, since: 1, attempts: 3, code: '', reason: '', records: [held] }
    expect((await without(fresh)).attempt).toBe(1)
    expect((await without({ ...fresh, waiting })).attempt).toBe(4)
    const behind = { ...waiting, records: [{ ...held, eventId: 'e-0' }, held] }
    expect((await without({ ...fresh, waiting: behind })).attempt).toBe(1)
  })
})

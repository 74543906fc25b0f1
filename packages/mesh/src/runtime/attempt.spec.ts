import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { emptyDocument } from '../aggregate/document.ts'
import { orderedEvent, parcelOrdered, recordOf } from '../aggregate/parcel.fixture.ts'
import { decode } from '../dispatch/decode.ts'
import { rulesOf } from '../dispatch/rules.fixture.ts'
import { createSlots } from '../flow/slots.ts'
import { createBreaker } from '../retry/breaker.ts'
import { on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { silentTracing } from '../telemetry/record-tracing.ts'
import { createAttempts } from './attempt.ts'

type State = { readonly packed: number }

describe('an attempt', () => {
  it('given a partition that went elsewhere while it waited for its turn, asks nobody (promise 7)', async () => {
    const owned = { now: false }
    let calls = 0
    const handler = on(parcelOrdered, 'pack', (_event, state: State) => {
      calls++
      return done(state)
    })
    const attempt = createAttempts<State>({
      service: 'packing',
      journaled: true,
      retry: { initialMs: 0, factor: 1, maxMs: 0, jitter: 0, windowHours: 1 },
      deadlineMs: 1_000,
      breaker: createBreaker({ failures: 1, coolDownMs: 1, maxCoolDownMs: 1 }, () => {}),
      slots: createSlots(1),
      metrics: createMetrics(),
      log: pino({ level: 'silent' }),
      now: () => Date.now(),
      owns: () => owned.now,
    })
    const decoded = decode(recordOf(orderedEvent('e-1', { parcel: 'P-1' })), rulesOf([handler]))
    if ('refused' in decoded) throw new Error(decoded.reason)
    const make = () =>
      silentTracing.process({ record: decoded.held, understood: decoded }, (processing) =>
        attempt(emptyDocument({ packed: 0 }), decoded, new AbortController().signal, processing),
      )
    await expect(make()).rejects.toThrow(/revoked/)
    expect(calls).toBe(0)
    // Its place is free again.
    owned.now = true
    await expect(make()).resolves.toMatchObject({ outcome: { outcome: 'done' } })
    expect(calls).toBe(1)
  })
})

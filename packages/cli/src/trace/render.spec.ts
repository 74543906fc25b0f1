import type { OrderStatus, TimelineEntry } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PLAIN } from '../terminal/paint.ts'
import { renderTrace } from './render.ts'

const start = Date.parse('2026-11-21T12:00:00.000Z')
const at = (ms: number) => new Date(start + ms).toISOString()

const event = (id: string, type: string, ms: number, detail?: string): TimelineEntry => ({
  kind: 'event',
  at: at(ms),
  id,
  type,
  ...(detail !== undefined && { detail }),
})

const hop = (
  service: string,
  eventId: string,
  eventType: string,
  ms: number,
  more: Partial<Extract<TimelineEntry, { kind: 'hop' }>> = {},
): TimelineEntry => ({
  kind: 'hop',
  at: at(ms),
  id: `${service}-${eventId}-${ms}`,
  eventId,
  eventType,
  service,
  handler: 'handle',
  outcome: 'done',
  attempt: 1,
  durationMs: 1.24,
  caused: [],
  ...more,
})

const retry = (ms: number, attempt: number, nextMs: number): TimelineEntry =>
  hop('fulfillment', 'e2', 'order.placed.v1', ms, {
    outcome: 'retry',
    attempt,
    code: 'MESH_LMS_UNAVAILABLE',
    reason: 'No connection.',
    nextAttemptAt: at(nextMs),
  })

const order = (timeline: TimelineEntry[], more: Partial<OrderStatus> = {}): OrderStatus => ({
  orderNumber: 'EDX-1',
  status: 'fulfilling',
  submittedBy: 'shop',
  lines: [{ lineId: '1', courseId: 'course-v1:a+b+c', mode: 'verified', state: 'paid' }],
  timeline,
  ...more,
})

const consumers = new Map([
  ['order.submitted.v1', ['payments']],
  ['order.placed.v1', ['fulfillment']],
])

const lines = (status: OrderStatus, nowMs = 10_000) =>
  renderTrace(status, { now: new Date(start + nowMs), paint: PLAIN, consumers })

const submitted = event('e1', 'order.submitted.v1', 0, 'by shop')
const joined = hop('payments', 'e1', 'order.submitted.v1', 2, {
  caused: [{ id: 'e2', type: 'order.placed.v1' }],
})
const placed = event('e2', 'order.placed.v1', 3)

describe('renderTrace', () => {
  it('says why a service that is held back has not handled an event, and how to call the status', () => {
    const note = 'held back since 2026-01-01T00:00:00.000Z: MESH_LMS_CLIENT_REFUSED: invalid_client'
    const text = renderTrace(order([submitted, joined, placed]), {
      now: new Date(start),
      paint: PLAIN,
      consumers,
      notes: { fulfillment: note },
      call: (words) => `./mesh ${words} --data d`,
    }).join('\n')
    expect(text).toContain('fulfillment has not handled it yet (./mesh status --data d)')
    expect(text).toMatch(/MESH_LMS_CLIENT_REFUSED: invalid_client\n.*to do: Compare clientId/)
  })

  it('shows the way of a fulfilled order', () => {
    const granted = hop('fulfillment', 'e2', 'order.placed.v1', 5, {
      durationMs: 31.2,
      caused: [{ id: 'e3', type: 'order.fulfilled.v1' }],
    })
    const status = order([submitted, joined, placed, granted, event('e3', 'order.fulfilled.v1', 36)], {
      status: 'fulfilled',
      traceId: 'abc',
    })
    expect(lines(status)).toEqual([
      'EDX-1  fulfilled',
      '  handed in by shop, trace abc',
      '  line 1  paid  course-v1:a+b+c (verified)',
      '',
      '  2026-11-21 12:00:00.000Z',
      '   +0 ms  order.submitted.v1  by shop',
      '   +2 ms  └─ payments/handle  done  attempt 1  1.2 ms',
      '   +3 ms     └─ order.placed.v1',
      '   +5 ms        └─ fulfillment/handle  done  attempt 1  31 ms',
      '  +36 ms           └─ order.fulfilled.v1',
    ])
  })

  it('shows when a waiting order is tried again', () => {
    expect(
      lines(order([submitted, joined, placed, retry(5, 1, 1_005), retry(1_005, 2, 14_000)])).slice(8),
    ).toEqual([
      '  +5 ms        ├─ fulfillment/handle  retry  attempt 1  1.2 ms  MESH_LMS_UNAVAILABLE: No connection.',
      '   +1 s        └─ fulfillment/handle  retry  attempt 2  1.2 ms  MESH_LMS_UNAVAILABLE: No connection.',
      '                  waits: next attempt in 4 s, at 12:00:14Z',
    ])
    expect(lines(order([submitted, joined, placed, retry(5, 1, 1_005)])).at(-1)).toMatch(
      /due since 12:00:01Z \(mesh status/,
    )
  })

  it('leaves out the middle of many attempts', () => {
    const many = Array.from({ length: 20 }, (_, index) => retry(10 * index + 5, index + 1, 10 * index + 15))
    const shown = lines(order([submitted, joined, placed, ...many])).filter((line) => /attempt/.test(line))
    expect(
      shown.map((line) =>
        /attempt (\d+)|… (\d+)/
          .exec(line)
          ?.slice(1)
          .find((part) => part !== undefined),
      ),
    ).toEqual(['1', '1', '16', '18', '19', '20', undefined])
  })

  it('says what to do about a dead letter, until a person has settled it', () => {
    const dead = hop('fulfillment', 'e2', 'order.placed.v1', 5, {
      outcome: 'dead',
      code: 'MESH_LMS_LEARNER_UNKNOWN',
      reason: 'No such learner.',
    })
    const letter: TimelineEntry = {
      kind: 'dead-letter',
      at: at(6),
      id: 'dl-1',
      class: 'permanent',
      code: 'MESH_LMS_LEARNER_UNKNOWN',
      reason: 'No such learner.',
      service: 'fulfillment',
      handler: 'handle',
      eventId: 'e2',
    }
    const open = order([submitted, joined, placed, dead, letter], {
      status: 'failed',
      attention: [{ deadLetterId: 'dl-1', code: letter.code, reason: letter.reason }],
    })
    expect(
      lines(open)
        .slice(8)
        .map((line) => line.trim()),
    ).toEqual([
      '+5 ms        └─ fulfillment/handle  dead  attempt 1  1.2 ms  MESH_LMS_LEARNER_UNKNOWN: No such learner.',
      'dead letter dl-1 (permanent)',
      expect.stringMatching(/^to do: .*redrive/),
      'mesh dead show dl-1',
    ])
    expect(lines(order([submitted, joined, placed, dead, letter])).join('\n')).not.toContain('dl-1')
  })

  it('shows a dead letter that could not even be read', () => {
    const poison: TimelineEntry = {
      kind: 'dead-letter',
      at: at(9),
      id: 'dl-2',
      class: 'poison',
      code: 'MESH_EVENT_POISON',
      reason: 'No JSON.',
      service: 'payments',
      handler: '',
    }
    const status = order([submitted, poison], {
      attention: [{ deadLetterId: 'dl-2', code: poison.code, reason: poison.reason }],
    })
    expect(lines(status).join('\n')).toMatch(
      /\+9 ms {2}dead letter dl-2 \(poison\) {2}MESH_EVENT_POISON: No JSON\.\n.*to do: /,
    )
  })

  it('says which service has not begun', () => {
    expect(lines(order([submitted, joined, placed])).at(-1)).toMatch(/└─ fulfillment has not handled it yet/)
    expect(lines(order([])).at(-1)).toBe('  Accepted; nothing has handled it yet.')
  })

  it('hangs what a cut timeline lost on a place of its own', () => {
    const text = lines(
      order([
        hop('payments', 'lost', 'order.submitted.v1', 0, { caused: [{ id: 'e2', type: 'order.placed.v1' }] }),
        placed,
      ]),
    ).join('\n')
    expect(text).toMatch(
      /order\.submitted\.v1 {2}\(not in the timeline any more\)\n.*payments\/handle.*\n.*└─ order\.placed\.v1/,
    )
  })

  it('shows every event and every hop of any timeline once, whatever causes what', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd')
    const anyEvent = id.map((name) => event(name, `order.${name}.v1`, 0))
    const anyHop = fc.record({
      eventId: id,
      service: fc.constantFrom('s', 't'),
      caused: fc.uniqueArray(id, { maxLength: 3 }),
      ms: fc.nat(5),
    })
    const hops = fc
      .uniqueArray(anyHop, { maxLength: 3, selector: ({ eventId, service }) => `${eventId}${service}` })
      .map((all) =>
        all.map(({ eventId, service, caused, ms }) =>
          hop(service, eventId, `order.${eventId}.v1`, ms, {
            caused: caused.map((name) => ({ id: name, type: `order.${name}.v1` })),
          }),
        ),
      )
    fc.assert(
      fc.property(fc.uniqueArray(anyEvent, { selector: (entry) => entry.id }), hops, (events, some) => {
        const shown = lines(order([...events, ...some]))
        const count = (pattern: RegExp) => shown.filter((line) => pattern.test(line)).length
        for (const entry of events) expect(count(new RegExp(`order\\.${entry.id}\\.v1`))).toBe(1)
        expect(count(/\/handle/)).toBe(some.length)
      }),
    )
  })
})

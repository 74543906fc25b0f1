import type { OrderStatus } from '@commerce-mesh/gateway'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PLAIN } from '../terminal/paint.ts'
import { renderTrace } from './render.ts'
import {
  START,
  attentionTo,
  consumers,
  dead,
  event,
  fulfilled,
  granted,
  hop,
  joined,
  letter,
  order,
  placed,
  retry,
  submitted,
} from './timeline.fixture.ts'

const lines = (status: OrderStatus, nowMs = 10_000, explain = false) =>
  renderTrace(status, { now: new Date(START + nowMs), paint: PLAIN, consumers, explain })

describe('renderTrace', () => {
  it('says why a service that is held back has not handled an event, and how to call the status', () => {
    const note = 'held back since 2026-01-01T00:00:00.000Z: MESH_LMS_CLIENT_REFUSED: invalid_client'
    const text = renderTrace(order([submitted, joined, placed]), {
      now: new Date(START),
      paint: PLAIN,
      consumers,
      notes: { fulfillment: note },
      call: (words) => `./mesh ${words} --data d`,
    }).join('\n')
    expect(text).toContain('fulfillment has not handled it yet (./mesh status --data d)')
    expect(text).toMatch(/MESH_LMS_CLIENT_REFUSED: invalid_client\n.*to do: Compare clientId/)
  })

  it('shows the way of a fulfilled order', () => {
    const status = order([submitted, joined, placed, granted, fulfilled], {
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
    const timeline = [submitted, joined, placed, dead(5), letter(6)]
    const open = order(timeline, { status: 'failed', attention: [attentionTo(letter(6))] })
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
    expect(lines(order(timeline)).join('\n')).not.toContain('dl-1')
  })

  it('shows a dead letter that could not even be read', () => {
    const { eventId: _unreadable, ...poison } = letter(9, {
      id: 'dl-2',
      class: 'poison',
      code: 'MESH_EVENT_POISON',
      reason: 'No JSON.',
      service: 'payments',
      handler: '',
    })
    const status = order([submitted, poison], { attention: [attentionTo(poison)] })
    expect(lines(status).join('\n')).toMatch(
      /\+9 ms {2}dead letter dl-2 \(poison\) {2}MESH_EVENT_POISON: No JSON\.\n.*to do: /,
    )
  })

  it('says which route took an event or skipped it, where that is asked for', () => {
    const skipped = hop('certificates', 'e2', 'order.placed.v1', 4, {
      outcome: 'suppressed',
      reason: 'route: mesh.yaml:12 when currency is EUR does not hold',
      route: 'mesh.yaml:12 when currency is EUR',
    })
    const held = hop('certificates', 'e2', 'order.placed.v1', 5, {
      outcome: 'suppressed',
      reason: 'nothing to print',
      route: 'mesh.yaml:12',
    })
    const timeline = [submitted, { ...joined, route: 'default' }, placed, skipped, held, retry(5, 1, 1_005)]
    const explained = lines(order(timeline), 10, true)
    const routes = (all: readonly string[]) =>
      all.flatMap((line) => /^[ │]*(route: .*)$/.exec(line)?.[1] ?? [])
    expect(routes(explained)).toEqual([
      'route: default',
      'route: skipped, mesh.yaml:12 when currency is EUR does not hold',
      'route: mesh.yaml:12',
      'route: not recorded',
    ])
    expect(explained.findIndex((line) => line.endsWith('route: not recorded'))).toBeLessThan(
      explained.findIndex((line) => line.includes('waits: next attempt')),
    )
    expect(routes(lines(order(timeline), 10))).toEqual([])
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

  it('does not miss the event of a plugin, which never has an entry', () => {
    const caused = [{ id: 'e9', type: 'certificate.printed.v1' }]
    const timeline = [placed, hop('certificates', placed.id, placed.type, 5, { caused })]
    const text = renderTrace(order(timeline), {
      now: new Date(0),
      paint: PLAIN,
      consumers: new Map(),
      shown: new Set([placed.type]),
    }).join('\n')
    expect(text).toMatch(/certificate\.printed\.v1$/m)
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

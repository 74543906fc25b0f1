import { deadLetterRecorded, fromKafka, hopRecorded, parseEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { dead, done, emit, retry, suppressed, type Outcome } from '../service/outcome.ts'
import { emptyDocument, type AggregateDocument, type OutboxEntry } from './document.ts'
import { STARTED, attemptAt, heldOf, orderedEvent, parcelFailed, parcelPacked } from './parcel.fixture.ts'
import { noRoom } from './park.ts'
import { settle } from './settle.ts'

type State = { readonly packed: number }

const fresh: AggregateDocument<State> = emptyDocument({ packed: 0 })
const packed = emit(parcelPacked, { parcel: 'P-1' })
const failed = emit(parcelFailed, { parcel: 'P-1' })

const failure = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }
const doneOnce: Outcome<State> = done({ packed: 1 }, [packed], { lines: { 1: 'packed' } })
const again: Outcome<State> = retry(failure)

const held = (id: string) => heldOf(orderedEvent(id, { parcel: 'P-1' }))
const waitingFor = (...ids: readonly string[]): AggregateDocument<State> => ({
  ...fresh,
  waiting: { dueAt: 5, since: 1, attempts: 3, ...failure, records: ids.map(held) },
})

const readable = (entry: OutboxEntry) => {
  if (entry.kind === 'dead-letter') return `letter ${entry.letter.id}`
  const event = fromKafka(entry.headers, Buffer.from(entry.value))
  return event.type
}

const dataOf = <D>(
  document: AggregateDocument,
  contract: { type: string } & Parameters<typeof parseEvent<D>>[0],
): D => {
  const entry = document.outbox.find(
    (candidate) => candidate.kind === 'event' && candidate.topic === contract.type,
  )
  if (entry?.kind !== 'event') throw new TypeError(`no ${contract.type} in the outbox`)
  return parseEvent(contract, fromKafka(entry.headers, Buffer.from(entry.value))).data
}

const letterIn = (document: AggregateDocument) => {
  const entry = document.outbox.find((candidate) => candidate.kind === 'dead-letter')
  if (entry?.kind !== 'dead-letter') throw new TypeError('no dead letter in the outbox')
  return entry.letter
}

const idsIn = (document: AggregateDocument) =>
  document.outbox.map((entry) => (entry.kind === 'event' ? entry.headers['ce_id'] : entry.letter.id))

describe('settle, by outcome', () => {
  it('done: the next state, the inbox, the events and the journal’s hop, in one document (promise 4)', () => {
    const after = settle(fresh, attemptAt({ outcome: doneOnce }))
    expect(after).toMatchObject({ state: { packed: 1 }, inbox: { 'e-1': 'done' }, outboxSince: STARTED + 12 })
    expect(after).not.toHaveProperty('waiting')
    expect(after.outbox.map(readable)).toEqual(['parcel.packed.v1', 'mesh.hop-recorded.v1'])
    expect(dataOf(after, hopRecorded)).toMatchObject({
      key: 'P-1',
      eventId: 'e-1',
      eventType: 'parcel.ordered.v1',
      service: 'packing',
      handler: 'pack',
      outcome: 'done',
      attempt: 1,
      startedAt: '2026-03-04T05:06:07.000Z',
      durationMs: 12.5,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      caused: [{ id: idsIn(after)[0], type: 'parcel.packed.v1' }],
      lines: { 1: 'packed' },
    })
  })

  it('suppressed: the reason, and the state as it was', () => {
    const after = settle(fresh, attemptAt<State>({ outcome: suppressed('packed before') }))
    expect(after).toMatchObject({ state: { packed: 0 }, inbox: { 'e-1': 'suppressed' } })
    expect(dataOf(after, hopRecorded)).toMatchObject({
      outcome: 'suppressed',
      reason: 'packed before',
      caused: [],
    })
  })

  it('retry: the record waits and is not in the inbox; what was reached so far is kept', () => {
    const outcome: Outcome<State> = retry(failure, { state: { packed: 7 } })
    const after = settle(fresh, attemptAt({ outcome, attempt: 2, nextAttemptAt: STARTED + 900 }))
    expect(after.inbox).toEqual({})
    expect(after.state).toEqual({ packed: 7 })
    expect(after.waiting).toEqual({
      dueAt: STARTED + 900,
      since: STARTED,
      attempts: 2,
      ...failure,
      records: [held('e-1')],
    })
    expect(dataOf(after, hopRecorded)).toMatchObject({
      outcome: 'retry',
      ...failure,
      attempt: 2,
      nextAttemptAt: '2026-03-04T05:06:07.900Z',
    })
  })

  it('dead: a letter of class permanent with the record, the event that announces it, and the hop', () => {
    const outcome: Outcome<State> = dead(failure, { state: { packed: 3 }, events: [failed] })
    const after = settle(fresh, attemptAt({ outcome, attempt: 2 }))
    expect(after).toMatchObject({ state: { packed: 3 }, inbox: { 'e-1': 'dead' } })
    const letter = letterIn(after)
    expect(letter).toMatchObject({
      status: 'open',
      class: 'permanent',
      ...failure,
      service: 'packing',
      key: 'P-1',
      attempts: 2,
    })
    expect(letter.record).toMatchObject({ topic: 'parcel.ordered.v1', offset: 0, key: 'P-1' })
    expect(Buffer.from(letter.record.value ?? '', 'base64').toString()).toBe(held('e-1').value)
    expect(after.outbox.map(readable)).toEqual([
      'parcel.failed.v1',
      `letter ${letter.id}`,
      'mesh.dead-letter-recorded.v1',
      'mesh.hop-recorded.v1',
    ])
    expect(dataOf(after, deadLetterRecorded)).toMatchObject({
      deadLetterId: letter.id,
      class: 'permanent',
      ...failure,
      attempts: 2,
    })
    expect(dataOf(after, hopRecorded)).toMatchObject({ outcome: 'dead', ...failure })
  })

  it('exhausted: what the handler leaves behind in place of what it decided', () => {
    const outcome: Outcome<State> = retry(failure, { state: { packed: 7 }, events: [packed] })
    const exhaustion = { state: { packed: -1 }, events: [failed], lines: { 1: 'failed' } }
    const after = settle(fresh, attemptAt({ outcome, exhaustion }))
    expect(after).toMatchObject({ state: { packed: -1 }, inbox: { 'e-1': 'dead' } })
    expect(after).not.toHaveProperty('waiting')
    expect(letterIn(after)).toMatchObject({ class: 'exhausted', ...failure })
    expect(after.outbox.map(readable)).toContain('parcel.failed.v1')
    expect(after.outbox.map(readable)).not.toContain('parcel.packed.v1')
    expect(dataOf(after, hopRecorded)).toMatchObject({ outcome: 'dead', lines: { 1: 'failed' } })
  })

  it('exhausted: where the handler leaves nothing behind, its last decision stands', () => {
    const after = settle(fresh, attemptAt({ outcome: retry(failure, { state: { packed: 7 } }) }))
    expect(after.state).toEqual({ packed: 7 })
    expect(letterIn(after).class).toBe('exhausted')
  })

  it('writes no hop for a service that is not journaled, and nothing into the outbox then', () => {
    const after = settle(fresh, attemptAt<State>({ outcome: done({ packed: 1 }), journaled: false }))
    expect(after).toEqual({ state: { packed: 1 }, inbox: { 'e-1': 'done' }, outbox: [] })
  })
})

describe('settle', () => {
  it('adds to an outbox that was left behind, and keeps its age', () => {
    const before = { ...settle(fresh, attemptAt({ outcome: doneOnce })), outboxSince: 42 }
    const next = attemptAt({ outcome: doneOnce }, orderedEvent('e-2', { parcel: 'P-1' }))
    const after = settle(before, next)
    expect(after.outbox.slice(0, before.outbox.length)).toEqual(before.outbox)
    expect(after.outbox).toHaveLength(4)
    expect(after.outboxSince).toBe(42)
  })

  it.each<[string, Outcome<State>]>([
    ['done', doneOnce],
    ['suppressed', suppressed('nothing to do')],
    ['retry', again],
    ['dead', dead(failure, { events: [failed] })],
  ])('gives the same document for the same attempt, and changes nothing given: %s', (_, outcome) => {
    const before = Object.freeze(waitingFor('e-1', 'e-2'))
    const attempt = attemptAt({ outcome, nextAttemptAt: STARTED + 10 })
    const copies = structuredClone({ before, attempt: { ...attempt, outcome: undefined } })
    expect(settle(before, attempt)).toEqual(settle(before, attempt))
    expect({ before, attempt: { ...attempt, outcome: undefined } }).toEqual(copies)
  })

  it.each<[string, Outcome<State>]>([
    ['done', doneOnce],
    ['retry', again],
    ['dead', dead(failure, { events: [failed] })],
  ])(
    'gives the same ids when a crash makes the attempt run a second time, later: %s (promise 2)',
    (_, outcome) => {
      const first = settle(fresh, attemptAt({ outcome, nextAttemptAt: STARTED + 10 }))
      const second = settle(
        fresh,
        attemptAt({
          outcome,
          nextAttemptAt: STARTED + 99_000,
          startedAt: new Date(STARTED + 60_000),
          durationMs: 3,
          traceparent: '00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01',
        }),
      )
      expect(idsIn(second)).toEqual(idsIn(first))
    },
  )

  it('throws MESH_HANDLER_OUTPUT when an emitted event breaks its contract', () => {
    const outcome: Outcome<State> = {
      outcome: 'done',
      state: { packed: 1 },
      events: [{ contract: parcelPacked, data: { parcel: 5 } }],
    }
    expect(() => settle(fresh, attemptAt({ outcome }))).toThrow(
      expect.objectContaining({ code: 'MESH_HANDLER_OUTPUT' }),
    )
  })

  it('throws MESH_HANDLER_OUTPUT when the journal can’t hold what the handler says', () => {
    const outcome: Outcome<State> = suppressed('x'.repeat(1_100_000))
    expect(() => settle(fresh, attemptAt({ outcome }))).toThrow(
      expect.objectContaining({ code: 'MESH_HANDLER_OUTPUT' }),
    )
  })
})

describe('settle, with records that wait (promise 3)', () => {
  it('keeps the line in order while the first one waits again', () => {
    const after = settle(
      waitingFor('e-1', 'e-2', 'e-3'),
      attemptAt({ outcome: again, attempt: 4, since: 1, nextAttemptAt: 77 }),
    )
    expect(after.waiting).toMatchObject({ dueAt: 77, since: 1, attempts: 4 })
    expect(after.waiting?.records.map(({ eventId }) => eventId)).toEqual(['e-1', 'e-2', 'e-3'])
  })

  it.each<[string, Outcome<State>]>([
    ['done', doneOnce],
    ['suppressed', suppressed('nothing to do')],
    ['dead', dead(failure)],
  ])('makes the next one due at once with a count of its own after %s', (_, outcome) => {
    const after = settle(waitingFor('e-1', 'e-2', 'e-3'), attemptAt({ outcome, attempt: 4 }))
    expect(after.waiting).toMatchObject({ dueAt: STARTED + 13, since: STARTED + 13, attempts: 0 })
    expect(after.waiting?.records.map(({ eventId }) => eventId)).toEqual(['e-2', 'e-3'])
  })

  it('lets a redriven record that waited behind another go on counting: its letter must be able to open again', () => {
    const line = waitingFor('e-1')
    const redriven = { ...held('e-2'), attempts: 6 }
    const records = [...(line.waiting?.records ?? []), redriven]
    const document = { ...line, waiting: { dueAt: 5, since: 1, attempts: 3, ...failure, records } }
    expect(settle(document, attemptAt({ outcome: doneOnce })).waiting).toMatchObject({
      attempts: 6,
      records: [redriven],
    })
  })

  it('leaves the line as it is when a further record finds no room', () => {
    const line = waitingFor('e-7', 'e-8')
    const after = settle(line, attemptAt<State>({ outcome: noRoom }))
    expect(after.waiting).toEqual(line.waiting)
    expect(after.inbox).toEqual({ 'e-1': 'dead' })
    expect(letterIn(after)).toMatchObject({ code: 'MESH_WAITING_FULL', class: 'permanent' })
  })
})

import { describe, expect, it } from '@jest/globals'
import { emptyDocument, WAITING_CHARACTERS, WAITING_LIMIT, type AggregateDocument } from './document.ts'
import { heldOf, orderedEvent } from './parcel.fixture.ts'
import { knownFate, mustWait, noRoom, parkBehind } from './park.ts'

const held = (id: string) => heldOf(orderedEvent(id, { parcel: 'P-1' }))

const waitingDocument = (...ids: readonly string[]): AggregateDocument<object> => ({
  ...emptyDocument({}),
  waiting: { dueAt: 5, since: 1, attempts: 2, code: 'MESH_LMS_ERROR', reason: 'ill', records: ids.map(held) },
})

describe('knownFate', () => {
  it('tells fates from the inbox and what waits from the line', () => {
    const document: AggregateDocument = { ...waitingDocument('e-2', 'e-3'), inbox: { 'e-1': 'suppressed' } }
    expect(['e-1', 'e-2', 'e-3', 'e-4'].map((id) => knownFate(document, id))).toEqual([
      'suppressed',
      'waiting',
      'waiting',
      undefined,
    ])
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'does not take the event id %s for known because every object has such a property',
    (id) => {
      expect(knownFate(emptyDocument({}), id)).toBeUndefined()
    },
  )
})

describe('parkBehind', () => {
  it('puts a record at the end of the line and changes nothing else', () => {
    const document = waitingDocument('e-1', 'e-2')
    expect(mustWait(document)).toBe(true)
    expect(parkBehind(document, held('e-3'))).toEqual(waitingDocument('e-1', 'e-2', 'e-3'))
  })

  it('has no room where nobody waits, nor where as many wait as may', () => {
    expect(mustWait(emptyDocument({}))).toBe(false)
    expect(parkBehind(emptyDocument({}), held('e-1'))).toBeUndefined()
    const ids = Array.from({ length: WAITING_LIMIT - 1 }, (_, at) => `e-${at}`)
    const last = parkBehind(waitingDocument(...ids), held('last'))
    expect(last?.waiting?.records).toHaveLength(WAITING_LIMIT)
    expect(last && parkBehind(last, held('too-many'))).toBeUndefined()
    const large = { ...held('large'), value: 'x'.repeat(WAITING_CHARACTERS - 1_000) }
    const full = parkBehind(waitingDocument('e-1'), large)
    expect(full?.waiting?.records).toHaveLength(2)
    expect(full && parkBehind(full, { ...held('too-much'), value: 'x'.repeat(1_000) })).toBeUndefined()
    expect(noRoom).toMatchObject({ outcome: 'dead', code: 'MESH_WAITING_FULL' })
  })
})

import { orderPlaced, sampleEventOf, toBinary } from '@commerce-mesh/contracts'
import type { DeadLetter } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { PLAIN } from '../terminal/paint.ts'
import { renderLetter, renderList } from './render.ts'

const event = sampleEventOf(orderPlaced)
const { headers, value } = toBinary(event)

const letter = (more: Partial<DeadLetter> = {}, record: Partial<DeadLetter['record']> = {}): DeadLetter => ({
  id: 'dl-1',
  status: 'open',
  class: 'permanent',
  code: 'MESH_LMS_LEARNER_UNKNOWN',
  reason: 'The LMS has no such learner.',
  service: 'fulfillment',
  handler: 'grant',
  key: 'EDX-1',
  eventId: 'e-1',
  eventType: 'order.placed.v1',
  attempts: 1,
  recordedAt: '2026-11-21T12:00:00.000Z',
  record: {
    topic: 'order.placed.v1',
    partition: 2,
    offset: 7,
    timestamp: 0,
    key: 'EDX-1',
    headers: { ...headers },
    value: Buffer.from(value ?? new Uint8Array()).toString('base64'),
    ...record,
  },
  ...more,
})

const text = (one: DeadLetter, personal = false) => renderLetter(one, { paint: PLAIN, personal }).join('\n')

describe('renderLetter', () => {
  it('explains code and class, and says what can be typed', () => {
    const shown = text(letter())
    expect(shown).toMatch(/Meaning: .+\n {2}Order: {3}.+\n {2}To do: {3}.+/)
    expect(shown).toContain('permanent: the other side')
    expect(shown).toContain('order.placed.v1/2@7')
    expect(shown).toContain('mesh dead redrive dl-1')
  })

  it('hides personal fields unless they are asked for', () => {
    const { email = '', username = '' } = event.data.learner
    expect(`${email}${username}`).not.toBe('')
    expect(text(letter())).toContain('[personal]')
    expect(text(letter())).not.toContain(email)
    expect(text(letter(), true)).toContain(email)
  })

  it('hides what nobody can vouch for: bytes that can’t be decoded, and topics without a contract', () => {
    const bytes = Buffer.from('alice@example.org \u0000').toString('base64')
    expect(text(letter({}, { value: bytes, headers: {} }))).not.toContain('alice')
    expect(text(letter({}, { value: bytes, headers: {} }), true)).toContain('alice@example.org .')
    expect(text(letter({}, { topic: 'vendor.thing.v1' }))).toContain('[hidden: no contract')
  })

  it('shows who closed it, and nothing to type then', () => {
    const shown = text(
      letter({
        status: 'discarded',
        closedAt: '2026-11-22T00:00:00.000Z',
        closedBy: 'operator',
        note: 'refunded',
      }),
    )
    expect(shown).toMatch(/status +discarded, 2026-11-22T00:00:00.000Z by operator\n {2}note +refunded/)
    expect(shown).not.toContain('redrive dl-1')
  })
})

describe('renderList', () => {
  it('is a table, without payloads', () => {
    expect(renderList([letter(), letter({ id: 'dl-2', key: null })], PLAIN)).toEqual([
      'id    since                 class      service      order  attempts  code',
      'dl-1  2026-11-21T12:00:00Z  permanent  fulfillment  EDX-1         1  MESH_LMS_LEARNER_UNKNOWN',
      'dl-2  2026-11-21T12:00:00Z  permanent  fulfillment  -             1  MESH_LMS_LEARNER_UNKNOWN',
    ])
    expect(renderList([], PLAIN)).toEqual(['No dead letters.'])
  })
})

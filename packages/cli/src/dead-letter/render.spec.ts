import { CONTRACTS, orderPlaced, sampleEventOf, toBinary } from '@commerce-mesh/contracts'
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

const contracts = new Map(CONTRACTS.map((contract) => [contract.type, contract]))

const text = (one: DeadLetter, personal = false) =>
  renderLetter(one, { paint: PLAIN, personal, contracts }).join('\n')

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

  it('shows nothing of the record that a terminal would obey, nor what turns a line around', () => {
    const hostile = '\u009b2J\u202e'
    const { value: bytes } = toBinary({ ...event, data: { ...event.data, voucher: hostile } })
    const shown = text(
      letter({ producer: `shop${hostile}` }, { value: Buffer.from(bytes ?? '').toString('base64') }),
      true,
    )
    expect(shown).toContain('\ufffd2J\ufffd')
    expect(shown).not.toContain('\u009b')
    expect(shown).not.toContain('\u202e')
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

describe('a record that breaks rules', () => {
  const broken: Partial<DeadLetter> = {
    class: 'contract',
    code: 'MESH_EVENT_CONTRACT',
    reason: 'data.total: must be an integer; …',
    producer: '/example-shop',
    findings: [
      { path: 'data.total', message: 'must be an integer' },
      { path: '', message: 'has no CloudEvents attributes (specversion, id, source, type)' },
      {
        path: 'source',
        message:
          'may not emit order.placed.v1: its owner is payments, and `producers` in mesh.yaml lists nobody else of this name',
      },
      { path: 'data.lines.0.somewhere.deep.below.the.surface', message: 'is missing' },
    ],
  }

  it('is shown with its producer and every finding, within 100 columns', () => {
    const shown = text(letter(broken))
    expect(shown).toMatch(/^ {2}producer +\/example-shop$/m)
    expect(shown).not.toContain(broken.reason)
    const lines = shown.split('\n')
    expect(lines.slice(1, 8)).toEqual([
      '  4 findings:',
      '    data.total  must be an integer',
      '    event       has no CloudEvents attributes (specversion, id, source, type)',
      '    source      may not emit order.placed.v1: its owner is payments, and `producers` in mesh.yaml',
      '                lists nobody else of this name',
      '    data.lines.0.somewhere.deep.below.the.surface',
      '                is missing',
    ])
    expect(Math.max(...lines.slice(0, 8).map(({ length }) => length))).toBeLessThanOrEqual(100)
  })

  it('shows its reason where no findings were kept, as in letters of an older release', () => {
    expect(text(letter({ ...broken, findings: [] }))).toContain(broken.reason)
  })

  it('can’t steer the terminal', () => {
    const escape = '\u001B[2J'
    const hostile = letter({
      ...broken,
      producer: `a${escape}`,
      key: `k${escape}`,
      findings: [{ path: escape, message: escape }],
    })
    expect(text(hostile)).not.toContain('\u001B')
    expect(renderList([hostile], PLAIN).join()).not.toContain('\u001B')
  })
})

describe('renderList', () => {
  it('is a table with reasons, without payloads', () => {
    expect(renderList([letter(), letter({ id: 'dl-2', key: null })], PLAIN)).toEqual([
      'id    since                 class      service      order  attempts  code',
      'dl-1  2026-11-21T12:00:00Z  permanent  fulfillment  EDX-1         1  MESH_LMS_LEARNER_UNKNOWN',
      '    The LMS has no such learner.',
      'dl-2  2026-11-21T12:00:00Z  permanent  fulfillment  -             1  MESH_LMS_LEARNER_UNKNOWN',
      '    The LMS has no such learner.',
    ])
    expect(renderList([], PLAIN)).toEqual(['No dead letters.'])
  })

  it('has a column of producers where one is known', () => {
    expect(
      renderList([letter({ code: 'MESH_X', producer: '/shop' }), letter({ code: 'MESH_X' })], PLAIN),
    ).toEqual([
      'id    since                 class      service      order  attempts  code    producer',
      'dl-1  2026-11-21T12:00:00Z  permanent  fulfillment  EDX-1         1  MESH_X  /shop',
      '    The LMS has no such learner.',
      'dl-1  2026-11-21T12:00:00Z  permanent  fulfillment  EDX-1         1  MESH_X  -',
      '    The LMS has no such learner.',
    ])
  })

  it('takes two lines for each where one would be longer than 100 columns', () => {
    const id = 'dl-0f6c2b0e-97aa-8c30-b4a5-0c1d2e3f4a5b'
    const wide = letter({ id, producer: `/${'shop'.repeat(60)}`, key: 'EDX-100001' })
    const lines = renderList([wide, letter({ id })], PLAIN)
    expect(lines).toEqual([
      'id                                       since                 class      service',
      '    order       attempts  code                      producer',
      `${id}  2026-11-21T12:00:00Z  permanent  fulfillment`,
      expect.stringMatching(/^ {4}EDX-100001 {9}1 {2}MESH_LMS_LEARNER_UNKNOWN {2}\/shopshop.*…$/),
      '    The LMS has no such learner.',
      `${id}  2026-11-21T12:00:00Z  permanent  fulfillment`,
      '    EDX-1              1  MESH_LMS_LEARNER_UNKNOWN  -',
      '    The LMS has no such learner.',
    ])
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  })
})

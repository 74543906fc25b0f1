import { describe, expect, it } from '@jest/globals'
import { type FetchedMessage, toBusRecord, visible } from './record.ts'

const message = (offset: number, over: Partial<FetchedMessage> = {}): FetchedMessage => ({
  offset: `${offset}`,
  timestamp: '1790000000123',
  key: Buffer.from('M-1'),
  value: Buffer.from('{}'),
  headers: {},
  ...over,
})

const PLACE = { topic: 'order.placed.v1', partition: 3 }

describe('a fetched record', () => {
  it('has numbers, text and bytes', () => {
    const headers = { ce_type: Buffer.from('order.placed'), größe: Buffer.from('ü'), empty: Buffer.alloc(0) }
    expect(toBusRecord(PLACE, message(12, { key: Buffer.from('Zoë'), headers }))).toEqual({
      ...PLACE,
      offset: 12,
      timestamp: 1_790_000_000_123,
      key: 'Zoë',
      headers: { ce_type: 'order.placed', größe: 'ü', empty: '' },
      value: Buffer.from('{}'),
    })
  })

  it('keeps null apart from empty', () => {
    expect(toBusRecord(PLACE, message(1, { key: null, value: null }))).toMatchObject({
      key: null,
      value: null,
    })
    const empty = Buffer.alloc(0)
    expect(toBusRecord(PLACE, message(1, { key: empty, value: empty }))).toMatchObject({
      key: '',
      value: empty,
    })
  })

  it('takes the last of headers that come several times, and the name that objects have of their own', () => {
    const headers = Object.fromEntries([
      ['a', [Buffer.from('1'), Buffer.from('2')]],
      ['__proto__', Buffer.from('3')],
    ])
    const { headers: read } = toBusRecord(PLACE, message(1, { headers }))
    expect(Object.entries(read)).toEqual([
      ['a', '2'],
      ['__proto__', '3'],
    ])
  })

  it('keeps nothing of the answer that it came in', () => {
    const answer = Buffer.from('....{"a":1}....')
    const { value } = toBusRecord(PLACE, message(1, { value: answer.subarray(4, 11) }))
    answer.fill(0)
    expect(Buffer.from(value ?? []).toString()).toBe('{"a":1}')
  })
})

describe('what may be seen of an answer', () => {
  const by = (producerId: string) => ({ batchContext: { producerId, inTransaction: true } })
  const end = (offset: number, producerId: string, committed: boolean): FetchedMessage =>
    message(offset, {
      ...by(producerId),
      isControlRecord: true,
      key: Buffer.from([0, 0, 0, committed ? 1 : 0]),
    })
  const offsets = (messages: readonly FetchedMessage[]) => messages.map(({ offset }) => Number(offset))

  it('begins where the fetch began: a batch is never cut', () => {
    expect(offsets(visible([message(5), message(6), message(7)], [], 6))).toEqual([6, 7])
  })

  it('leaves out what was rolled back, and the ends of transactions', () => {
    const messages = [
      message(0),
      message(1, by('7')),
      message(2, by('8')),
      end(3, '7', false),
      message(4, by('7')),
      end(5, '8', true),
      end(6, '7', true),
      message(7),
    ]
    expect(offsets(visible(messages, [{ producerId: '7', firstOffset: '1' }], 0))).toEqual([0, 2, 4, 7])
  })

  it('knows a transaction that began before the fetch', () => {
    const messages = [message(10, by('7')), end(11, '7', false), message(12, by('7'))]
    expect(offsets(visible(messages, [{ producerId: '7', firstOffset: '3' }], 10))).toEqual([12])
  })

  it('takes aborted transactions in any order', () => {
    const messages = [
      message(0, by('1')),
      message(1, by('2')),
      end(2, '1', false),
      end(3, '2', false),
      message(4),
    ]
    const aborted = [
      { producerId: '2', firstOffset: '1' },
      { producerId: '1', firstOffset: '0' },
    ]
    expect(offsets(visible(messages, aborted, 0))).toEqual([4])
  })
})

import { describe, expect, it } from '@jest/globals'
import { boolean, integer, orNull, posixTime, text } from './fields.ts'

const NULL = 'This field may not be null.'

describe('text, as CharField', () => {
  it.each([
    ['verified', 'verified'],
    ['  verified\n', 'verified'],
    [5, '5'],
    [5.5, '5.5'],
  ])('%j is %j', (raw, value) => expect(text(raw)).toEqual({ value }))

  it.each([
    [null, NULL],
    [undefined, NULL],
    ['', 'This field may not be blank.'],
    [' \t', 'This field may not be blank.'],
    [true, 'Not a valid string.'],
    [[], 'Not a valid string.'],
    [{ a: 1 }, 'Not a valid string.'],
    ['a\0b', 'Null characters are not allowed.'],
    ['a\ud800', 'Surrogate characters are not allowed: U+D800.'],
  ])('%j: %s', (raw, message) => expect(text(raw)).toEqual({ messages: [message] }))

  it('lets null through where null is allowed, but no blank', () => {
    expect(orNull(text)(null)).toEqual({ value: null })
    expect(orNull(text)(undefined)).toEqual({ value: null })
    expect(orNull(text)('')).toEqual({ messages: ['This field may not be blank.'] })
  })

  it('takes an emoji: a pair of surrogates is a character', () => expect(text('😀')).toEqual({ value: '😀' }))
})

describe('integer, as IntegerField', () => {
  it.each([
    [4, 4],
    [-4, -4],
    ['4', 4],
    [' 4 ', 4],
    ['+4', 4],
    ['4.0', 4],
    ['4.', 4],
    ['4_000', 4_000],
  ])('%j is %i', (raw, value) => expect(integer(raw)).toEqual({ value }))

  it.each([4.5, '4.5', '', 'four', true, [], '0x4', '1e3', '4 4', '_4'])('%j is none', (raw) => {
    expect(integer(raw)).toEqual({ messages: ['A valid integer is required.'] })
  })

  it('refuses null, and text that is far too long', () => {
    expect(integer(null)).toEqual({ messages: [NULL] })
    expect(integer('1'.repeat(1_001))).toEqual({ messages: ['String value too large.'] })
  })
})

describe('boolean, as BooleanField', () => {
  it.each([true, 1, 'true', 'True', 'TRUE', 't', 'y', 'yes', 'on', '1'])('%j is true', (raw) =>
    expect(boolean(raw)).toEqual({ value: true }),
  )
  it.each([false, 0, 'false', 'False', 'f', 'n', 'no', 'off', '0', -0])('%j is false', (raw) =>
    expect(boolean(raw)).toEqual({ value: false }),
  )
  it.each([2, '', 'maybe', [], {}, 0.5])('%j is neither', (raw) =>
    expect(boolean(raw)).toEqual({ messages: ['Must be a valid boolean.'] }),
  )
  it('refuses null', () => expect(boolean(null)).toEqual({ messages: [NULL] }))
})

describe('posixTime, as the UnixDateTimeField of the Coordinator', () => {
  // The first six are the Coordinator's own test cases.
  it.each([
    ['-1', '1969-12-31T23:59:59.000Z'],
    ['0', '1970-01-01T00:00:00.000Z'],
    ['1680700901', '2023-04-05T13:21:41.000Z'],
    [1_680_700_901, '2023-04-05T13:21:41.000Z'],
    [' 1680700901 ', '2023-04-05T13:21:41.000Z'],
    ['1680700901.999', '2023-04-05T13:21:41.999Z'],
    [1_681_738_233.5, '2023-04-17T13:30:33.500Z'],
    ['1.6807e9', '2023-04-05T13:06:40.000Z'],
    [253_402_300_799, '9999-12-31T23:59:59.000Z'],
  ])('%j is %s', (raw, value) => expect(posixTime(raw)).toEqual({ value }))

  it.each([
    ['not_a_date', 'A valid number is required.'],
    ['2022-08-24T16:57:00Z', 'A valid number is required.'],
    ['', 'A valid number is required.'],
    ['0x10', 'A valid number is required.'],
    [[], 'A valid number is required.'],
    [Number.MAX_SAFE_INTEGER, 'Could not parse POSIX timestamp.'],
    [1e300, 'Could not parse POSIX timestamp.'],
    ['inf', 'Could not parse POSIX timestamp.'],
    ['nan', 'Could not parse POSIX timestamp.'],
    ['long_string'.repeat(91), 'String value too large.'],
    [null, NULL],
  ])('%j: %s', (raw, message) => expect(posixTime(raw)).toEqual({ messages: [message] }))
})

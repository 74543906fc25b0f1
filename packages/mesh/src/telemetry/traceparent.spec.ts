import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { derivedId } from '../aggregate/event-id.ts'
import {
  childTraceparent,
  handedOn,
  isSampled,
  newSpanId,
  newTraceId,
  parseTraceparent,
  publishSpan,
  traceIdOf,
} from './traceparent.ts'

const TRACE = '12345678901234567890123456789012'
const SPAN = '1234567890123456'

// Headers of the W3C test suite (w3c/trace-context, test/test.py) and what a receiver must make of them.
const VALID: readonly (readonly [string, string, flags: string])[] = [
  ['version 00', `00-${TRACE}-${SPAN}-01`, '01'],
  ['not sampled', `00-${TRACE}-${SPAN}-00`, '00'],
  ['a future version', `cc-${TRACE}-${SPAN}-01`, '01'],
  ['a future version with more fields', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, '01'],
]

const INVALID: readonly (readonly [string, string | undefined])[] = [
  ['nothing', undefined],
  ['an empty header', ''],
  ['version 00 with more fields', `00-${TRACE}-${SPAN}-01-what-the-future-will-be-like`],
  ['version 00 with a trailing dot', `00-${TRACE}-${SPAN}-01.`],
  [
    'a future version whose further field is not set apart',
    `cc-${TRACE}-${SPAN}-01.what-the-future-will-be-like`,
  ],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['a version with illegal characters', `.0-${TRACE}-${SPAN}-01`],
  ['a version too long', `000-${TRACE}-${SPAN}-01`],
  ['a version too short', `0-${TRACE}-${SPAN}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a trace id with illegal characters', `00-.${TRACE.slice(1)}-${SPAN}-01`],
  ['a trace id in capitals', `00-${'ABCDEF'.repeat(6).slice(0, 32)}-${SPAN}-01`],
  ['a trace id too long', `00-${TRACE}3-${SPAN}-01`],
  ['a trace id too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a parent id with illegal characters', `00-${TRACE}-.${SPAN.slice(1)}-01`],
  ['a parent id too long', `00-${TRACE}-${SPAN}7-01`],
  ['a parent id too short', `00-${TRACE}-${SPAN.slice(1)}-01`],
  ['flags with illegal characters', `00-${TRACE}-${SPAN}-.0`],
  ['flags too long', `00-${TRACE}-${SPAN}-001`],
  ['flags too short', `00-${TRACE}-${SPAN}-1`],
  ['a line break', `00-${TRACE}-${SPAN}-01\n`],
]

describe('traceparent (W3C Trace Context)', () => {
  it.each(VALID)('reads %s', (_, header, flags) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, flags })
    expect(traceIdOf(header)).toBe(TRACE)
  })

  it.each(INVALID)('does not read %s, and begins a new trace', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined()
    expect(traceIdOf(header)).toBe('0'.repeat(32))
    const child = parseTraceparent(childTraceparent(header))
    expect(child?.traceId).not.toBe(TRACE)
    expect(child?.flags).toBe('01')
  })

  it('makes a new span in the same trace and keeps whether it is sampled', () => {
    const child = childTraceparent(`00-${TRACE}-${SPAN}-00`)
    expect(child).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`))
    expect(parseTraceparent(child)?.spanId).not.toBe(SPAN)
    expect(childTraceparent(`00-${TRACE}-${SPAN}-00`)).not.toBe(child)
  })

  it('passes no flag on that the specification has not defined (section 3.2.2.5)', () => {
    expect(childTraceparent(`00-${TRACE}-${SPAN}-ff`)).toMatch(/-03$/)
    expect(childTraceparent(`cc-${TRACE}-${SPAN}-05`)).toMatch(/-01$/)
  })

  it('always makes a valid header, whatever came', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...VALID.map(([, header]) => header))), (header) => {
        expect(childTraceparent(header)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$/)
        expect(parseTraceparent(childTraceparent(header))).toBeDefined()
      }),
    )
  })

  it('knows whether a trace is kept, whatever other flags there are', () => {
    expect(isSampled({ flags: '01' })).toBe(true)
    expect(isSampled({ flags: 'ff' })).toBe(true)
    expect(isSampled({ flags: '02' })).toBe(false)
  })

  it('hands a context on unchanged, but for what has no meaning, and begins one where there is none', () => {
    expect(handedOn(`00-${TRACE}-${SPAN}-00`)).toBe(`00-${TRACE}-${SPAN}-00`)
    expect(handedOn(`cc-${TRACE}-${SPAN}-ff-what-the-future-will-be-like`)).toBe(`00-${TRACE}-${SPAN}-03`)
    expect(parseTraceparent(handedOn('nonsense'))).toMatchObject({ flags: '01' })
  })

  it('plans the same publish span for the same event, and another for another event or parent', () => {
    const EVENT = derivedId('e-1', 'x', 0)
    const parent = `00-${TRACE}-${SPAN}-01`
    const child = publishSpan(parent, EVENT)
    expect(parseTraceparent(child)).toMatchObject({ traceId: TRACE, flags: '01' })
    expect(child).not.toBe(parent)
    expect(publishSpan(parent, EVENT)).toBe(child)
    expect(publishSpan(parent, derivedId('e-1', 'x', 1))).not.toBe(child)
    expect(publishSpan(`00-${TRACE}-${SPAN.replace('1', '2')}-01`, EVENT)).not.toBe(child)
  })

  it('makes ids that do not repeat', () => {
    const ids = Array.from({ length: 5_000 }, (_, nth) => (nth % 2 === 0 ? newTraceId() : newSpanId()))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^([0-9a-f]{32}|[0-9a-f]{16})$/)
  })
})

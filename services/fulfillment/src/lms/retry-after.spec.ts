import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RETRY_AFTER_CAP_MS, retryAfterMs } from './retry-after.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['37', 37_000],
    [' 5 ', 5_000],
    ['3600', RETRY_AFTER_CAP_MS],
    ['86400', RETRY_AFTER_CAP_MS],
    ['9'.repeat(400), RETRY_AFTER_CAP_MS],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['Tue, 01 Mar 2033 12:00:00 GMT', RETRY_AFTER_CAP_MS],
  ])('%p asks for %p ms', (header, wait) => {
    expect(retryAfterMs(header, NOW)).toBe(wait)
  })

  it.each([
    undefined,
    '',
    '-5',
    '1.5',
    'soon',
    '5 minutes',
    '2026-03-01T12:00:30Z',
    'Sun, 99 Xyz 2026 12:00:30 GMT',
    '0x10',
  ])('%p asks for nothing that can be understood', (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined()
  })

  it('never parks an order for longer than the cap, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const wait = retryAfterMs(header, NOW) ?? 0
          expect(wait).toBeGreaterThanOrEqual(0)
          expect(wait).toBeLessThanOrEqual(RETRY_AFTER_CAP_MS)
        },
      ),
    )
  })
})

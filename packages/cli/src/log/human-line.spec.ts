import { describe, expect, it } from '@jest/globals'
import { PLAIN } from '../terminal/paint.ts'
import { humanLine } from './human-line.ts'

const line = (record: unknown) => humanLine(`${JSON.stringify(record)}\n`, PLAIN)
const base = {
  level: 30,
  time: Date.parse('2026-11-21T12:00:01.5Z'),
  pid: 1,
  hostname: 'h',
  msg: 'line granted',
}

describe('humanLine', () => {
  it('is short: time, service, message, fields', () => {
    expect(line({ ...base, service: 'fulfillment', orderNumber: 'EDX-1', lines: 2 })).toBe(
      '12:00:01 fulfillment: line granted orderNumber=EDX-1 lines=2',
    )
    expect(line(base)).toBe('12:00:01 mesh: line granted')
  })

  it('says why of an error', () => {
    expect(
      line({
        ...base,
        level: 50,
        msg: 'trouble',
        err: { message: 'disk full', code: 'ENOSPC', stack: 'at x' },
      }),
    ).toBe('12:00:01 mesh: trouble (ENOSPC: disk full)')
  })

  it.each([
    ['no json', 'no json'],
    ['42\n', '42'],
    ['null', 'null'],
    ['{"time":"x"}', '--:--:-- mesh:'],
  ])('makes the best of %j', (text, shown) => expect(humanLine(text, PLAIN)).toBe(shown))
})

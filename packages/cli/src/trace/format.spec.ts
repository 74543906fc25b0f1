import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { UsageError } from '../command/usage-error.ts'
import { trace } from '../commands/trace.ts'
import { traceFormatOf } from './format.ts'

const formatIn = (line: string) =>
  traceFormatOf(parseCommandLine(['trace', 'X', ...line.split(' ').filter(Boolean)], [trace]).input)

describe('traceFormatOf', () => {
  it.each([
    ['', 'text'],
    ['--json', 'json'],
    ['--format json --json', 'json'],
    ['--format svg', 'svg'],
    ['--format html --explain', 'html'],
    ['--format text --follow', 'text'],
    ['--json --follow', 'json'],
  ])('`%s` is %s', (line, format) => expect(formatIn(line)).toBe(format))

  it.each([
    ['--format pdf', /one of text, json, svg, html; it is 'pdf'/],
    ['--format svg --json', /contradict each other/],
    ['--format svg --follow', /svg is a picture of one moment/],
    ['--format html --follow', /html is a picture of one moment/],
  ])('refuses `%s`', (line, message) => {
    expect(() => formatIn(line)).toThrow(UsageError)
    expect(() => formatIn(line)).toThrow(message)
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { COMMANDS } from '../commands/table.ts'
import { nameOf } from './command.ts'
import { commandHelp, overview } from './help.ts'
import { parseCommandLine } from './parse.ts'
import { UsageError } from './usage-error.ts'
import { PLAIN } from '../terminal/paint.ts'

const parse = (line: string) => parseCommandLine(line.split(' '), COMMANDS)

const refused = (line: string): UsageError => {
  try {
    parse(line)
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown
    throw thrown
  }
  throw new Error(`'${line}' was not refused`)
}

describe('parseCommandLine', () => {
  it('finds commands of one and two words, with their arguments and flags', () => {
    const { command, input } = parse('order place a.json --url http://x --wait')
    expect(nameOf(command)).toBe('order place')
    expect(input.argument('FILE')).toBe('a.json')
    expect(input.text('url')).toBe('http://x')
    expect([input.on('wait'), input.on('json')]).toEqual([true, false])
  })

  it('takes - as an argument, repeated flags, and flags before arguments', () => {
    expect(parse('order place -').input.argument('FILE')).toBe('-')
    expect(parse('token shop --scope operate --scope orders:read').input.texts('scope')).toEqual([
      'operate',
      'orders:read',
    ])
    expect(parse('trace --json EDX-1').input.argument('ORDER')).toBe('EDX-1')
  })

  it.each([
    ['tracee X', /no command 'mesh tracee'/, /Did you mean: mesh trace/],
    ['ordr place x', /no command 'mesh ordr'/, /Did you mean: mesh order place/],
    ['dead lst', /no command 'mesh dead lst'/, /Did you mean: mesh dead list/],
    ['dead', /needs one more word/, /mesh dead show/],
    ['kafka', /no command 'mesh kafka'/, /mesh help/],
    ['up --prot 1', /no flag --prot/, /Did you mean: --port/],
    ['up --kafka', /no flag --kafka/, /mesh help up/],
    ['up --port', /--port needs a value/, /mesh help up/],
    ['up --demo=yes', /--demo takes no value/, /mesh help up/],
    ['up now', /takes no argument 'now'/, /mesh help up/],
    ['trace ', /ORDER of 'mesh trace' is empty/, /mesh trace EDX-100001/],
    ['--demo', /command is missing before '--demo'/, /Did you mean: mesh up --demo/],
    ['--json', /command is missing/, /mesh help/],
    ['trace', /needs ORDER/, /mesh trace EDX-100001/],
  ])('refuses `%s`', (line, message, hint) => {
    const error = refused(line)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  it.each(['abc', '-1', '65536', '80.5', ''])("refuses '%s' as a port", (port) => {
    expect(() => parseCommandLine(['up', `--port=${port}`], COMMANDS).input.port('port')).toThrow(
      /must be a port/,
    )
  })

  it('takes an argument that may be given several times, and needs it once', () => {
    const { input } = parse('contracts test a.jsonl - --json b.jsonl')
    expect(input.arguments('FILES')).toEqual(['a.jsonl', '-', 'b.jsonl'])
    expect(input.argument('FILES')).toBe('a.jsonl')
    expect(refused('contracts test').message).toMatch(/needs FILES/)
    expect(() => parseCommandLine(['contracts', 'test', 'a', ' '], COMMANDS)).toThrow(/FILES .* is empty/)
    expect(parse('trace EDX-1').input.arguments('ORDER')).toEqual(['EDX-1'])
    expect(parse('contracts sample').input.arguments('TYPE')).toEqual([])
  })

  it('asks for no arguments where help is wanted', () => {
    expect(parse('trace --help').help).toBe(true)
    expect(parse('trace -h').help).toBe(true)
  })

  it('refuses or understands any line, and throws nothing else', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'up',
        'dead',
        'list',
        'order',
        'place',
        '--port',
        '--json',
        '-',
        '--',
        '-x',
        '--=',
        '-h',
        'trace',
      ),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (argv) => {
        try {
          expect(COMMANDS).toContain(parseCommandLine(argv, COMMANDS).command)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(UsageError)
        }
      }),
    )
  })
})

describe('help', () => {
  it.each(COMMANDS.map((command) => [nameOf(command), command] as const))(
    '%s: its examples can be typed',
    (_name, command) => {
      const own = command.examples.filter(({ line }) => line.startsWith(`mesh ${nameOf(command)}`))
      expect(own.length).toBeGreaterThan(0)
      for (const { line } of command.examples.filter(({ line: text }) => text.startsWith('mesh '))) {
        const words =
          line
            .slice('mesh '.length)
            .match(/"[^"]*"|\S+/g)
            ?.map((word) => word.replaceAll('"', '')) ?? []
        expect(() =>
          parseCommandLine(words.slice(0, words.includes('|') ? words.indexOf('|') : undefined), COMMANDS),
        ).not.toThrow()
      }
    },
  )

  it.each(COMMANDS.map((command) => [nameOf(command), command] as const))(
    '%s: names every flag and fits the width',
    (_name, command) => {
      const text = commandHelp(command, PLAIN)
      for (const flag of Object.keys(command.flags ?? {})) expect(text).toContain(`--${flag}`)
      const prose = text.split('Examples')[0] ?? ''
      expect(prose.split('\n').filter((line) => line.length > 100)).toEqual([])
    },
  )

  it('lists every command', () => {
    const text = overview(COMMANDS, PLAIN)
    for (const command of COMMANDS) expect(text).toContain(`  ${nameOf(command)} `)
  })
})

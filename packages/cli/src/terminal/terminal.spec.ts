import { asTyped, callOf } from './call.ts'
import { MeshError } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { UsageError } from '../command/usage-error.ts'
import { COMMANDS } from '../commands/table.ts'
import { describeFailure, exitCodeOf } from './failure.ts'
import { PLAIN, paintFor } from './paint.ts'
import { withPaths } from './shipped.ts'
import { layTable } from './table.ts'
import { callerDirectory, programOf } from './terminal.ts'

describe('callerDirectory', () => {
  const npm = { npm_lifecycle_event: 'start', INIT_CWD: '/clone/docs' }

  it.each([
    ['npm moved the script to the root', npm, '/clone', '/clone/docs'],
    ['started by hand', {}, '/somewhere', '/somewhere'],
    ['the variable is inherited from an npm further up', npm, '/tmp/test', '/tmp/test'],
    ['npm without the variable', { npm_lifecycle_event: 'start' }, '/clone', '/clone'],
    ['the variable alone, by hand', { INIT_CWD: '/clone/docs' }, '/clone', '/clone'],
  ])('%s', (_case, env, cwd, directory) => expect(callerDirectory(env, cwd, '/clone')).toBe(directory))
})

describe('paintFor', () => {
  it('colours for a person only', () => {
    expect(paintFor(true, {}).red('x')).toBe('\u001B[31mx\u001B[39m')
    expect(paintFor(false, {}).red('x')).toBe('x')
    expect(paintFor(true, { NO_COLOR: '1' }).red('x')).toBe('x')
    expect(paintFor(true, { NO_COLOR: '' }).red('x')).not.toBe('x')
    expect(paintFor(true, { TERM: 'dumb' }).red('x')).toBe('x')
  })
})

describe('describeFailure', () => {
  const taken = new MeshError('MESH_PORT_TAKEN', 'Port 1 is taken.', { cause: new Error('EADDRINUSE') })

  it('says code, what happened, what it means for orders and what to do, without a stack', () => {
    const lines = describeFailure(taken, PLAIN, false)
    expect(lines[0]).toBe('MESH_PORT_TAKEN Port 1 is taken.')
    expect(lines.slice(1).join('\n')).toMatch(/Orders: .+\n {2}To do: .+--port/)
    expect(lines.join('\n')).not.toMatch(/^\s+at /m)
  })

  it('shows stack and cause where they are wanted', () => {
    const text = describeFailure(taken, PLAIN, true).join('\n')
    expect(text).toMatch(/^\s+at /m)
    expect(text).toContain('Caused by:\nError: EADDRINUSE')
  })

  it('asks for a report of what nobody foresaw', () => {
    expect(describeFailure(new TypeError('x is not a function'), PLAIN, false)).toEqual([
      'The command failed unexpectedly: x is not a function',
      'Run it again with --verbose and report what it prints.',
    ])
  })

  it.each([
    [new UsageError('what?'), 2],
    [taken, 3],
    [new MeshError('MESH_GATEWAY_UNREACHABLE', ''), 3],
    [new MeshError('MESH_ORDER_UNKNOWN', ''), 1],
    [new Error('oops'), 1],
  ])('%s ends with %i', (thrown, code) => expect(exitCodeOf(thrown)).toBe(code))
})

describe('layTable', () => {
  it('puts text to the left and numbers to the right', () => {
    expect(
      layTable([
        ['name', 'count'],
        ['a', 7],
        ['longer', 12_345],
      ]),
    ).toEqual(['name    count', 'a           7', 'longer  12345'])
  })

  it('is empty without rows', () => expect(layTable([])).toEqual([]))
})

describe('commands to paste', () => {
  const root = '/opt/clone'
  const launched = { NODE_COMPILE_CACHE: '/opt/clone/node_modules/.cache/mesh' }

  it.each([
    [launched, root, './mesh'],
    [{}, root, './mesh'],
    [launched, '/home', '/opt/clone/mesh'],
    [{}, '/home', 'mesh'],
  ])('%j in %s: %s', (env, directory, program) => expect(programOf(env, directory, root)).toBe(program))

  it('repeat the flags that named the mesh', () => {
    const given: Record<string, string> = { data: 'my data' }
    const call = callOf({ text: (flag) => given[flag] }, { program: './mesh' })
    expect(call('trace EDX-1')).toBe("./mesh trace EDX-1 --data 'my data'")
  })

  it('name the launcher in text, and leave other words alone', () => {
    expect(asTyped('Start `mesh up --demo`; no mesh runs, ./mesh up', './mesh')).toBe(
      'Start `./mesh up --demo`; no mesh runs, ./mesh up',
    )
  })

  it.each(COMMANDS.map(({ words }) => words.join(' ')))('knows mesh %s', (words) =>
    expect(asTyped(`mesh ${words}`, './mesh')).toBe(`./mesh ${words}`),
  )
})

describe('a mesh that is installed as a package', () => {
  const root = '/shop/node_modules/@commerce-mesh/cli'

  it.each([
    [{ npm_lifecycle_event: 'npx' }, '/shop', 'npx mesh'],
    [{}, '/shop', 'mesh'],
    [{}, root, 'mesh'],
  ])('%j in %s: %s', (env, directory, program) => expect(programOf(env, directory, root)).toBe(program))

  it('names its own samples and pages in help', () => {
    const help = 'mesh order place examples/order.json, see docs/errors.md. Not my/examples/order.json'
    expect(withPaths(help, { root, directory: '/shop' })).toBe(
      'mesh order place node_modules/@commerce-mesh/cli/examples/order.json, see node_modules/@commerce-mesh/cli/docs/errors.md. Not my/examples/order.json',
    )
  })
})

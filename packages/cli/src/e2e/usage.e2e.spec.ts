import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { runCli, startCli, workingDirectory } from './cli-process.ts'

const STACK = /^\s+at /m

describe('mesh without a mesh', () => {
  const cwd = workingDirectory()

  it.each([[[]], [['help']], [['--help']], [['help', 'help']]])('%j shows the overview', async (args) => {
    const { code, out, err } = await runCli(args, cwd)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('mesh up --demo')
    expect(out).not.toContain('\u001B')
  })

  it.each([[['help', 'dead']], [['dead', '--help']]])('%j shows a group of commands', async (args) => {
    const { code, out } = await runCli(args, cwd)
    expect(code).toBe(0)
    expect(out).toMatch(/mesh dead list[^]*mesh dead discard/)
  })

  it('names the nearest command, and ends with 2', async () => {
    expect(await runCli(['trac', 'EDX-1'], cwd)).toEqual({
      code: 2,
      signal: null,
      out: '',
      err: "There is no command 'mesh trac'.\nDid you mean: mesh trace\n",
    })
    expect(await runCli(['help', 'trac'], cwd)).toMatchObject({
      code: 2,
      err: expect.stringContaining('mesh trace'),
    })
  })

  it.each([
    [['trace', 'EDX-1'], 'MESH_DATA_MISSING'],
    [['audit'], 'MESH_DATA_MISSING'],
    [['dead', 'list'], 'MESH_DATA_MISSING'],
    [['status'], 'MESH_GATEWAY_UNREACHABLE'],
    [['token', '--staff'], 'MESH_DATA_MISSING'],
    [['up'], 'MESH_CONFIG_INVALID'],
    [['up', '--config', 'none.yaml'], 'MESH_CONFIG_UNREADABLE'],
    [['trace', 'X', '--config', 'none.yaml'], 'MESH_CONFIG_UNREADABLE'],
  ])('%j ends with 3 and says %s', async (args, code) => {
    const ended = await runCli(args, cwd)
    expect(ended).toMatchObject({ code: 3, out: '', err: expect.stringContaining(code) })
    expect(ended.err).toMatch(/To do:/)
    expect(ended.err).not.toMatch(STACK)
  })

  it.each([
    [['dead', 'list', '--service', 'foo'], 2, /--service is 'foo'[^]*fulfillment, payments, gateway/],
    [['status', '--url', 'foo'], 2, /--url must be an address/],
    [['order', 'place', '.'], 2, /can’t be read: it is a directory/],
    [['sandbox', 'lms', '--port', '0', '--journal', '/nope/x'], 3, /MESH_DATA_NOT_WRITABLE .*\/nope\/x/],
    [['token', 'shop', '--staff'], 2, /takes only one of NAME/],
  ])('%j ends with %i and a sentence', async (args, code, text) => {
    const ended = await runCli(args, cwd)
    expect(ended).toMatchObject({ code, out: '', err: expect.stringMatching(text) })
    expect(ended.err).not.toMatch(/EISDIR|ENOENT/)
  })

  it('shows the stack with --verbose or MESH_DEBUG', async () => {
    expect((await runCli(['audit', '--verbose'], cwd)).err).toMatch(STACK)
    expect((await runCli(['audit'], cwd, { env: { MESH_DEBUG: '1' } })).err).toMatch(STACK)
  })

  it('says that the data directory can’t be written', async () => {
    writeFileSync(path.join(cwd, 'a-file'), '')
    const { code, err } = await runCli(
      ['up', '--demo', '--port', '0', '--lms-port', '0', '--data', 'a-file/data'],
      cwd,
    )
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(/^MESH_DATA_NOT_WRITABLE .*a-file\/data/),
    })
    expect(err).not.toMatch(STACK)
  })

  it('makes a key for mesh.yaml where no mesh runs; only the key goes to standard output', async () => {
    const { code, out, err } = await runCli(['token', 'shop', '--scope', 'orders:write'], cwd)
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^mesh_[\w-]{43}\n$/) })
    expect(err).toMatch(/- \{ name: "shop", keyHash: "[0-9a-f]{64}", scopes: \["orders:write"\] \}/)
  })
})

describe('mesh validate', () => {
  const cwd = workingDirectory()
  const write = (text: string) => writeFileSync(path.join(cwd, 'mesh.yaml'), text)
  const lms = '    lms: { url: "http://127.0.0.1:1", clientId: a, clientSecret: "${SECRET:-}x" }\n'

  it('names file, line and column, and ends with 1', async () => {
    write(`deadlineM: 5\nservices:\n  gateway:\n    prot: 9\n  fulfillment:\n${lms}`)
    const { code, out } = await runCli(['validate'], cwd)
    expect(code).toBe(1)
    expect(out).toMatch(
      /mesh\.yaml:1:1 error MESH_CONFIG_UNKNOWN_KEY\n.*deadlineM.*\n {2}Fix: Did you mean 'deadlineMs'\?/,
    )
    expect(out).toMatch(/mesh\.yaml:4:5 error MESH_CONFIG_UNKNOWN_KEY\n.*\n {2}Fix: Did you mean 'port'\?/)
    expect(out).toMatch(/2 errors, 1 warning\n$/)
  })

  it('names the sandbox to whom has no LMS yet', async () => {
    write('bus: local\n')
    const { code, out } = await runCli(['validate'], cwd)
    expect(code).toBe(1)
    expect(out).toMatch(/services\.fulfillment\.lms: is missing[^]*Without an LMS yet: `mesh up --demo`/)
  })

  it('ends with 0 where there are only warnings, as `mesh up` would start', async () => {
    write(`services:\n  fulfillment:\n${lms}`)
    const { code, out } = await runCli(['validate', '--json'], cwd)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      findings: [{ code: 'MESH_CONFIG_PLAIN_SECRET', line: 3 }],
    })
  })

  it('says that the file that was named can’t be read', async () => {
    const { code, out } = await runCli(['validate', '--config', 'nope.yaml'], cwd)
    expect(code).toBe(1)
    expect(out).toMatch(/MESH_CONFIG_UNREADABLE[^]*nope\.yaml: 1 error\n$/)
    expect(out).not.toContain('the defaults')
  })

  it('prints the schema for editors', async () => {
    const { code, out } = await runCli(['validate', '--schema'], cwd)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      properties: { services: { properties: { gateway: {}, payments: {}, fulfillment: {} } } },
    })
  })
})

describe('mesh sandbox lms', () => {
  it('runs by itself, says where, and keeps enrollments in a file', async () => {
    const cwd = workingDirectory()
    const sandbox = startCli(['sandbox', 'lms', '--port', '0', '--journal', 'lms.jsonl'], cwd)
    const url = /Sandbox LMS at (\S+)/.exec(await sandbox.printed(/a mesh that uses it/))?.[1] ?? ''
    expect(await (await fetch(`${url}/_sandbox/effects`)).json()).toEqual([])
    const second = await runCli(['sandbox', 'lms', '--port', new URL(url).port], cwd)
    expect(second).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^MESH_PORT_TAKEN .*sandbox LMS.*\n[^]*--port/),
    })
    sandbox.kill('SIGTERM')
    expect(await sandbox.ended).toMatchObject({ code: 0, signal: null, err: '' })
  })
})

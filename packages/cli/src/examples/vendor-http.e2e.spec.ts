import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { eventually } from '@commerce-mesh/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type CliProcess, runCli, startCli, workingDirectory } from '../e2e/cli-process.ts'

const FOLDER = path.resolve(import.meta.dirname, '../../../../examples/vendor-http')
const ORDER = path.join(FOLDER, 'order.json')
const CONFIG = path.join(FOLDER, 'mesh.yaml')

const cwd = workingDirectory()
const mesh = (...args: string[]) => runCli(args, cwd)

/** `node publish.mjs ARGS`, as a vendor runs it. */
const publish = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } }
    const child = execFile(
      process.execPath,
      [path.join(FOLDER, 'publish.mjs'), ...args],
      options,
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    )
  })

describe('examples/vendor-http', () => {
  let up: CliProcess
  let url = ''
  let key = ''

  beforeAll(async () => {
    up = startCli(['up', '--demo', '--config', CONFIG, '--port', '0', '--lms-port', '0'], cwd)
    url = /gateway +(http:\S+)/.exec(await up.printed(/Ctrl-C stops it/))?.[1] ?? ''
    key = (await mesh('token', 'example-shop', '--scope', 'events:write')).out.trim()
  })

  afterAll(async () => {
    up.kill('SIGKILL')
    await up.ended
  })

  it('publishes an order that is fulfilled, and that counts once however often it is sent', async () => {
    const env = { MESH_URL: url, MESH_KEY: key }
    for (const args of [[ORDER], ['--binary', ORDER]])
      expect(await publish(args, env)).toEqual({
        code: 0,
        out: '202 order.submitted.v1 SHOP-7001 is durable as order-SHOP-7001\n',
        err: '',
      })
    await eventually(async () => (await mesh('trace', 'SHOP-7001')).out.includes('fulfilled'), {
      what: 'the vendor’s order fulfilled',
      timeoutMs: 20_000,
    })
    const { out } = await mesh('trace', 'SHOP-7001', '--json')
    const { submittedBy, timeline } = JSON.parse(out) as {
      submittedBy: string
      timeline: { kind: string; type?: string; handler?: string }[]
    }
    expect(submittedBy).toBe('example-shop')
    const hops = timeline.flatMap(({ handler }) => (handler === undefined ? [] : [handler]))
    expect(hops).toEqual(['join-on-order-submitted', 'grant-on-order-placed'])
    expect((await mesh('audit')).out).toContain('Drift 0')
  })

  it('says what the operator must add for a caller without the right', async () => {
    const other = (await mesh('token', 'other-shop', '--scope', 'events:write')).out.trim()
    const { code, out } = await publish([ORDER], { MESH_URL: url, MESH_KEY: other })
    expect(code).toBe(1)
    expect(out).toContain('403 MESH_FORBIDDEN')
    expect(out).toContain('{ source: /other-shop, emits: [order.submitted.v1] }')
  })

  it('finds a broken order before it is sent', async () => {
    const broken = path.join(cwd, 'broken.json')
    writeFileSync(broken, readFileSync(ORDER, 'utf8').replace('"total": 14900', '"total": 149.5'))
    expect(await publish([broken], { MESH_URL: url, MESH_KEY: key })).toEqual({
      code: 1,
      out: '',
      err: 'total must be an integer\n',
    })
  })

  it('is told in its README with the commands that were typed here', () => {
    const readme = readFileSync(path.join(FOLDER, 'README.md'), 'utf8')
    for (const line of [
      './mesh up --demo --config examples/vendor-http/mesh.yaml',
      './mesh token example-shop --scope events:write',
      'node publish.mjs --binary order.json',
      '202 order.submitted.v1 SHOP-7001 is durable as order-SHOP-7001',
    ])
      expect(readme).toContain(line)
  })
})

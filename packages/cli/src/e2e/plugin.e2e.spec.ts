import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { CliProcess } from './cli-process.ts'
import { runCli, startCli, workingDirectory } from './cli-process.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const cwd = workingDirectory()
const env = { LMS_CLIENT_SECRET: 'mesh-secret' }
const mesh = (...args: string[]) => runCli(args, cwd, { env })

/** What npm would install for the plugin's test. */
const installPackages = (folder: string): void => {
  const scope = path.join(folder, 'node_modules', '@commerce-mesh')
  mkdirSync(scope, { recursive: true })
  for (const name of ['contracts', 'mesh', 'testing'])
    symlinkSync(path.join(root, 'packages', name), path.join(scope, name))
  symlinkSync(path.join(root, 'node_modules', 'zod'), path.join(folder, 'node_modules', 'zod'))
}

const runTests = async (folder: string): Promise<string> => {
  installPackages(folder)
  const args = ['--test', '--test-reporter', 'tap']
  return (
    await promisify(execFile)(process.execPath, args, { cwd: folder, env: { PATH: process.env['PATH'] } })
  ).stdout
}

describe('a new plugin', () => {
  const folder = path.join(cwd, 'road-show')
  beforeAll(async () => {
    expect(await mesh('plugin', 'new', 'road-show')).toMatchObject({ code: 0 })
  })

  it('is a folder with a plugin, its test, a mesh.yaml and a README, named as was asked', async () => {
    expect(readdirSync(folder).toSorted()).toEqual([
      '.gitignore',
      'README.md',
      'mesh.yaml',
      'package.json',
      'plugin.js',
      'plugin.test.js',
    ])
    const again = await mesh('plugin', 'new', 'road-show')
    expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/is there already, and is not empty/) })
    expect(await mesh('plugin', 'new', 'Road_Show')).toMatchObject({ code: 2 })
    expect(await mesh('plugin', 'new', 'payments')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/our-payments/),
    })
  })

  it('keeps no command from ending by what it leaves running', async () => {
    const file = path.join(folder, 'plugin.js')
    writeFileSync(path.join(folder, 'busy.js'), `setInterval(() => {}, 1000)\n${readFileSync(file, 'utf8')}`)
    const text = readFileSync(path.join(folder, 'mesh.yaml'), 'utf8')
    writeFileSync(path.join(folder, 'busy.yaml'), text.replace('./plugin.js', './busy.js'))
    expect(await mesh('validate', '--config', 'road-show/busy.yaml')).toMatchObject({
      code: 0,
      out: 'road-show/busy.yaml: no errors\n',
    })
  })

  it('is not passed over in silence where it ends the process', async () => {
    writeFileSync(path.join(folder, 'ends.js'), 'process.exit(0)\n')
    writeFileSync(path.join(folder, 'ends.yaml'), 'plugins: [./ends.js]\n')
    expect(await mesh('validate', '--config', 'road-show/ends.yaml')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/MESH_PLUGIN_LOAD .*ended the process/),
    })
  })

  it('that does not load is missing in the graph, which says so', async () => {
    writeFileSync(path.join(folder, 'lost.yaml'), 'plugins: [./lost.js]\n')
    expect(await mesh('graph', '--config', 'road-show/lost.yaml')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/not the whole graph: `mesh validate` names it/),
    })
    expect(await mesh('graph', '--config', 'road-show/mesh.yaml')).toMatchObject({ code: 0, err: '' })
  })

  it('does not end the mesh by a promise that it forgot, nor by its timers', async () => {
    const file = readFileSync(path.join(folder, 'plugin.js'), 'utf8')
    const faults = `
      void Promise.reject(new RangeError('what it was working on'))
      setTimeout(() => { throw new SyntaxError('what it was working on') })
    `
    const handler = 'const { orderNumber: number, lines } = event.data'
    writeFileSync(path.join(folder, 'stray.js'), file.replace(handler, faults + handler))
    const text = readFileSync(path.join(folder, 'mesh.yaml'), 'utf8')
    writeFileSync(path.join(folder, 'stray.yaml'), text.replace('./plugin.js', './stray.js'))
    const config = ['--config', 'road-show/stray.yaml', '--data', 'stray']
    const up = startCli(['up', '--demo', ...config, '--port', '0', '--lms-port', '0'], cwd)
    await up.printed(/Ctrl-C stops it/)
    const done = async () => {
      const { out } = await mesh('audit', '--json', ...config)
      const { services } = JSON.parse(out) as { services: { service: string; done: number }[] }
      return services.find(({ service }) => service === 'road-show')?.done ?? 0
    }
    let seen = await done()
    while (seen === 0) seen = await done()
    up.kill('SIGTERM')
    const { code, err } = await up.ended
    expect(code).toBe(0)
    expect(err).toMatch(/"code":"MESH_PLUGIN_ASTRAY","error":"RangeError","at":\["[^"]*stray\.js/)
    expect(err).toMatch(/"code":"MESH_PLUGIN_ASTRAY","error":"SyntaxError","at":\["[^"]*stray\.js/)
    expect(err).not.toMatch(/what it was working on/)
  })

  it('passes the checks, and stands in graph and explanation', async () => {
    const config = ['--config', 'road-show/mesh.yaml']
    expect(await mesh('validate', ...config)).toMatchObject({
      code: 0,
      out: 'road-show/mesh.yaml: no errors\n',
    })
    const { out } = await mesh('graph', ...config)
    expect(out).toMatch(/^road-show\.recorded\.v1 +road-show +newsletter$/m)
    expect(out).toMatch(
      /^order\.fulfilled\.v1 +road-show\/record-on-order-fulfilled +when lines\.\*\.mode in/m,
    )
    const sample = await mesh('contracts', 'sample', 'order.fulfilled.v1')
    const explained = await runCli(['explain', '-', ...config], cwd, { env, input: sample.out })
    expect(explained.out).toMatch(
      /road-show\/record-on-order-fulfilled {2}takes it \(mesh\.yaml:7 when [^]*would decide done[^]*road-show\.recorded\.v1/,
    )
  })

  it('passes its own test', async () => {
    expect(await runTests(folder)).toMatch(/^# pass 3$/m)
  })
})

describe('the example of a vendor’s plugin', () => {
  const folder = path.join(cwd, 'certificate-printer')
  const printed: string[] = []
  const printer = createServer((request, response) => {
    printed.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.writeHead(201).end())
  })
  let up: CliProcess
  let out = ''
  beforeAll(async () => {
    cpSync(path.join(root, 'examples', 'certificate-printer'), folder, { recursive: true })
    await new Promise<void>((resolve) => void printer.listen(0, '127.0.0.1', resolve))
    const { port } = printer.address() as AddressInfo
    const flags = ['--config', 'certificate-printer/mesh.yaml', '--port', '0', '--lms-port', '0']
    up = startCli(['up', '--demo', ...flags], cwd, { env: { PRINTER_URL: `http://127.0.0.1:${port}` } })
    out = await up.printed(/Ctrl-C stops it/)
  })
  afterAll(async () => {
    up.kill('SIGTERM')
    await up.ended
    await new Promise((resolve) => void printer.close(resolve))
  })

  it('runs as it is, with packages that the mesh lends it, and prints each certificate once', async () => {
    expect(out.match(/^ {2}DEMO-10000\d {2}fulfilled/gm)).toHaveLength(3)
    const traced = await startCli(
      ['trace', 'DEMO-100001', '--follow', '--config', 'certificate-printer/mesh.yaml'],
      cwd,
    ).ended
    expect(traced.code).toBe(0)
    const audit = async () =>
      JSON.parse((await mesh('audit', '--json', '--config', 'certificate-printer/mesh.yaml')).out) as {
        drift: number
        services: { service: string; done: number }[]
      }
    let seen = await audit()
    while ((seen.services.find(({ service }) => service === 'certificates')?.done ?? 0) < 3)
      seen = await audit()
    expect(seen.drift).toBe(0)
    expect(new Set(printed).size).toBe(3)
    expect(printed).toHaveLength(3)
    const trace = await mesh('trace', 'DEMO-100001', '--config', 'certificate-printer/mesh.yaml')
    expect(trace.out).toMatch(/certificates\/print-certificates {2}done[^]*certificate\.printed\.v1/)
  })

  it('passes its own test', async () => {
    expect(await runTests(folder)).toMatch(/^# pass 3$/m)
  })
})

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCli, startCli } from '../../packages/cli/src/e2e/cli-process.ts'
import { importsOf, packageOf, reachedFrom } from './imports.fixture.ts'
import { openVendorFolder } from './vendor-folder.fixture.ts'
import type { VendorFolder } from './vendor-folder.fixture.ts'

const OURS = ['contracts', 'mesh', 'testing', 'gateway', 'payments', 'fulfillment', 'cli'].map(
  (name) => `@commerce-mesh/${name}`,
)
const modules = path.resolve(import.meta.dirname, '../../node_modules')

let vendor: VendorFolder
beforeAll(() => {
  vendor = openVendorFolder()
})
afterAll(() => vendor.remove())

const PLUGIN = `
import { defineEvent, orderFulfilled } from '@commerce-mesh/contracts'
import { done, emit, on } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'

export const certificatePrinted = defineEvent({
  name: 'certificate.printed',
  version: 1,
  owner: 'printer',
  summary: 'A certificate was printed.',
  key: (certificate) => certificate.orderNumber,
  data: z.strictObject({ orderNumber: z.string() }),
})

export const printCertificate = on(orderFulfilled, 'print-certificate', ({ data }, state) =>
  done({ printed: state.printed + 1 }, [emit(certificatePrinted, { orderNumber: data.orderNumber })]),
)
`

const PLUGIN_TEST = `
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderFulfilled, sampleOf } from '@commerce-mesh/contracts'
import { given } from '@commerce-mesh/testing/given'
import { printCertificate } from './plugin.js'

test('a fulfilled order gets a certificate', async () => {
  const then = await given(printCertificate, { printed: 0 }).when(sampleOf(orderFulfilled))
  assert.deepEqual(then, {
    outcome: 'done',
    state: { printed: 1 },
    events: [{ type: 'certificate.printed.v1', data: { orderNumber: 'EDX-100001' } }],
  })
})

test('what breaks a contract is refused', async () => {
  await assert.rejects(given(printCertificate, { printed: 0 }).when({}), /breaks the contract of order.fulfilled.v1/)
})
`

const TYPED_PLUGIN = `
import { orderFulfilled } from '@commerce-mesh/contracts'
import { done, on, type Handler } from '@commerce-mesh/mesh/plugin'
import { given } from '@commerce-mesh/testing/given'

type State = { readonly seen: readonly string[] }
export const right: Handler<State> = on(orderFulfilled, 'note', ({ data }, state: State) =>
  done({ seen: [...state.seen, data.orderNumber] }),
)
// @ts-expect-error an order number is no number
export const wrong: Handler<State> = on(orderFulfilled, 'note', ({ data }, state: State) => done({ seen: data.orderNumber * 2 }))
export const seen = async (): Promise<readonly string[]> => (await given(right, { seen: [] }).when({})).state.seen
// @ts-expect-error a state is no text
export const text = async (): Promise<string> => (await given(right, { seen: [] }).when({})).state
`

describe('a plugin outside the repository', () => {
  it('works in plain JavaScript, and is tested with node --test', () => {
    vendor.write('plugin.js', PLUGIN)
    vendor.write('plugin.test.js', PLUGIN_TEST)
    expect(vendor.node('--test', '--test-reporter', 'tap', 'plugin.test.js')).toMatch(/^# pass 2\n# fail 0$/m)
  })

  it('has strict types that catch mistakes', () => {
    vendor.write('typed.ts', TYPED_PLUGIN)
    const settings = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023']
    expect(vendor.node(path.join(modules, 'typescript/bin/tsc'), ...settings, 'typed.ts')).toBe('')
  })

  it.each([
    ['@commerce-mesh/contracts', ['node:util', 'zod']],
    ['@commerce-mesh/mesh/plugin', ['node:crypto', 'node:util', 'zod']],
    ['@commerce-mesh/testing/given', ['node:crypto', 'node:util', 'zod']],
  ])('loads no engine and nothing that needs Node 24 with %s', (entry, allowed) => {
    const reached = reachedFrom(vendor, entry)
    expect([...reached].filter((name) => !allowed.includes(name))).toEqual([])
  })

  it('would be told of an engine: the whole runtime has some', () => {
    expect([...reachedFrom(vendor, '@commerce-mesh/mesh')]).toEqual(
      expect.arrayContaining(['kafkajs', 'mongodb', 'node:sqlite']),
    )
  })
})

describe.each(OURS)('%s', (name) => {
  const files = () => readdirSync(vendor.home(name), { recursive: true, encoding: 'utf8' })

  it('is JavaScript with its licence and a page to read, without sources or tests', () => {
    expect(files()).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']))
    expect(files().filter((file) => /\.(spec|fixture)\.|(?<!\.d)\.[cm]?ts$/.test(file))).toEqual([])
  })

  it('holds whatever its code and its types import from each other', () => {
    const missing = files()
      .filter((file) => /\.(js|d\.ts)$/.test(file))
      .flatMap((file) =>
        importsOf(path.join(vendor.home(name), file)).map((specifier) => ({ file, specifier })),
      )
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ file, specifier }) =>
        path.join(path.dirname(file), specifier.replace(/(?<!\.d)\.ts$/, '.d.ts')),
      )
      .filter((file) => file.startsWith('..') || !existsSync(path.join(vendor.home(name), file)))
    expect(missing).toEqual([])
  })

  it('starts no thread from a source that is not there', () => {
    const code = files()
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(path.join(vendor.home(name), file), 'utf8'))
    expect(code.flatMap((text) => text.match(/new URL\(['"`]\.[^)]*\.ts['"`]/g) ?? [])).toEqual([])
  })

  it('imports what its manifest asks for, and our packages in exactly its own version', () => {
    const { version, dependencies = {}, ...manifest } = vendor.manifests.get(name) ?? {}
    const imported = files()
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => importsOf(path.join(vendor.home(name), file)))
      .filter((specifier) => !/^(\.|node:)/.test(specifier))
    expect(imported.map(packageOf).filter((wanted) => !(wanted in dependencies))).toEqual([])
    for (const ours of OURS) expect([undefined, version]).toContain(dependencies[ours])
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private']))
    expect(manifest).not.toHaveProperty('devDependencies')
  })
})

describe('npm run pack', () => {
  it('knows the packages, and says which', () => {
    const script = path.resolve(import.meta.dirname, '../pack.mjs')
    expect(() => vendor.node(script, '--only', 'contract')).toThrow(
      /There is no package 'contract'\.\n {2}The packages are contracts, mesh, testing/,
    )
  })
})

describe('mesh, installed', () => {
  const CONFIG = `
services:
  fulfillment:
    lms: { url: 'https://lms.example.org', clientId: mesh, clientSecret: '\${LMS_CLIENT_SECRET}' }
`
  const env = { LMS_CLIENT_SECRET: 'of the test' }
  const main = () => path.join(vendor.home('@commerce-mesh/cli'), 'lib/bin.js')
  const mesh = (...args: string[]) => runCli(args, vendor.folder, { main: main(), env })

  beforeAll(() => vendor.write('mesh.yaml', CONFIG))

  it('is what npm is told to link', () => {
    expect(vendor.manifests.get('@commerce-mesh/cli')).toMatchObject({ bin: { mesh: './lib/bin.js' } })
  })

  it.each([
    ['help', 'mesh order place node_modules/@commerce-mesh/cli/examples/order.json'],
    ['validate', 'mesh.yaml'],
    ['graph', 'order.placed.v1'],
  ])('answers `mesh %s`', async (command, told) => {
    const { code, out, err } = await mesh(command)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(told)
  })

  it('makes a plugin whose tests pass, and that it can run', async () => {
    expect(await mesh('plugin', 'new', 'certificates')).toMatchObject({ code: 0 })
    expect(vendor.node('--test', '--test-reporter', 'tap', 'certificates/plugin.test.js')).toMatch(
      /^# pass [1-9]\d*\n# fail 0$/m,
    )
    expect(await mesh('graph', '--config', 'certificates/mesh.yaml')).toMatchObject({
      code: 0,
      out: expect.stringContaining('certificates.recorded.v1'),
    })
  })

  it('runs everything, down to the thread that writes', async () => {
    const up = startCli(['up', '--demo', '--port', '0', '--lms-port', '0'], vendor.folder, {
      main: main(),
      env,
    })
    try {
      expect((await up.printed(/Ctrl-C stops it/)).match(/^ {2}DEMO-10000\d {2}fulfilled/gm)).toHaveLength(3)
      up.kill('SIGINT')
      expect(await up.ended).toMatchObject({ code: 0 })
    } finally {
      up.kill('SIGKILL')
    }
  })

  it('tells an older Node what is missing', async () => {
    const older = `Object.defineProperty(process, 'versions', { value: { node: '24.10.0' } })`
    const options = `--import=data:text/javascript,${encodeURIComponent(older)}`
    const { code, err } = await runCli(['help'], vendor.folder, {
      main: main(),
      env: { NODE_OPTIONS: options },
    })
    expect(code).toBe(3)
    expect(err).toMatch(/^Commerce Mesh needs Node 24\.11 or newer, and this is 24\.10\.0\.\n {2}Install it/)
  })
})

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..')
const modules = join(root, 'node_modules')
const folder = mkdtempSync(join(tmpdir(), 'contracts-install-'))
const vendor = join(folder, 'vendor')
const installed = join(vendor, 'node_modules/@commerce-mesh/contracts')

/** Without the network and without the user's settings of npm. */
const environment = {
  ...process.env,
  npm_config_cache: join(folder, 'cache'),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
}

const node = (args: readonly string[], cwd: string): string =>
  execFileSync(process.execPath, args, {
    cwd,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

const filesOf = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' })

beforeAll(() => {
  node([join(root, 'scripts/pack.mjs'), '--only', 'contracts', '--out', folder], folder)
  mkdirSync(installed, { recursive: true })
  const archive = filesOf(folder).find((name) => name.endsWith('.tgz')) ?? 'no archive'
  execFileSync('tar', ['-xzf', archive, '-C', installed, '--strip-components', '1'], { cwd: folder })
  cpSync(join(modules, 'zod'), join(vendor, 'node_modules/zod'), { recursive: true })
  writeFileSync(join(vendor, 'package.json'), '{ "type": "module" }\n')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package, installed by a vendor', () => {
  it('works in plain JavaScript: validates, writes and reads an event', () => {
    const script = `
      import { EventFormatError, fromKafka, orderPlaced, parseEvent, sampleEventOf, toBinary } from '@commerce-mesh/contracts'
      const { headers, value } = toBinary(sampleEventOf(orderPlaced))
      const event = parseEvent(orderPlaced, fromKafka(headers, value))
      try {
        parseEvent(orderPlaced, { ...event, data: { ...event.data, total: 149.5 } })
      } catch (error) {
        const findings = error instanceof EventFormatError && error.findings
        console.log(JSON.stringify({ orderNumber: event.data.orderNumber, findings }))
      }`
    writeFileSync(join(vendor, 'vendor.js'), script)
    expect(JSON.parse(node(['vendor.js'], vendor))).toEqual({
      orderNumber: 'EDX-100001',
      findings: [{ path: 'data.total', message: 'must be an integer' }],
    })
  })

  it('has types that a strict TypeScript project can use, and that catch mistakes', () => {
    const script = `
      import { orderPlaced, sampleOf, type OrderPlaced } from '@commerce-mesh/contracts'
      import type { EventTypes } from '@commerce-mesh/contracts/types'
      const order: OrderPlaced = sampleOf(orderPlaced)
      export const right: string = order.orderNumber
      export const plain: EventTypes['order.placed.v1'] = order
      // @ts-expect-error a text is no number
      export const wrong: number = order.orderNumber`
    writeFileSync(join(vendor, 'vendor.ts'), script)
    const settings = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '']
    expect(node([join(modules, 'typescript/bin/tsc'), ...settings, 'vendor.ts'], vendor)).toBe('')
  })

  it('is JavaScript and types without tests, and depends on zod alone', () => {
    const files = filesOf(installed)
    const kept = ['LICENSE', 'README.md', 'lib/index.js', 'lib/index.d.ts', 'generated/types.d.ts']
    expect(files).toEqual(expect.arrayContaining([...kept, 'published/order.placed.v1/schema.json']))
    expect(files.filter((name) => /\.spec\.|(?<!\.d)\.ts$/.test(name))).toEqual([])
    const manifest: unknown = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' } },
    })
    expect(manifest).toHaveProperty('dependencies', { zod: expect.any(String) })
    expect(manifest).not.toHaveProperty('private')
    const sources = files
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(join(installed, name), 'utf8'))
    const imports = sources.flatMap((source) =>
      [...source.matchAll(/from '([^.'][^']*)'/g)].map(([, name]) => name),
    )
    expect(new Set(imports)).toEqual(new Set(['zod', 'node:util']))
  })
})

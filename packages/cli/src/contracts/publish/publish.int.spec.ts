import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { CONTRACTS } from '@commerce-mesh/contracts'
import { afterAll, describe, expect, it } from '@jest/globals'
import { cloneWithPublished, emptyDirectory, rewrite, ROOT } from '../check/repository.fixture.ts'
import { runHere } from '../test/terminal.fixture.ts'
import { baselineOf } from './baseline.ts'
import { publishedFolder, PUBLISHED, readFolder } from './folder.ts'
import { planPublication } from './plan.ts'

const roots: string[] = []
const made = (root: string) => {
  roots.push(root)
  return root
}
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

const publish = (root: string, ...flags: readonly string[]) =>
  runHere(['contracts', 'publish', ...flags], root)

describe('what this repository has published', () => {
  it('is up to date (if not: mesh contracts publish)', () => {
    const plan = planPublication(CONTRACTS, baselineOf(readFolder(publishedFolder({ root: ROOT }))))
    expect(plan.filter(({ action }) => action !== 'none')).toEqual([])
  })
})

describe('mesh contracts publish', () => {
  it('writes schema and sample of each contract, and nothing the second time', async () => {
    const root = made(emptyDirectory())
    const first = await publish(root)
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/^order\.placed\.v1 +published {2}schema\.json, examples\/01-sample\.json$/m)
    expect(first.out).toMatch(/^16 files written to packages\/contracts\/published: commit them/m)
    expect(readFolder(path.join(root, PUBLISHED))).toHaveLength(16)
    const second = await publish(root)
    expect(second.out).toMatch(/^order\.placed\.v1 +as it was$/m)
    expect(second.out).toMatch(/^packages\/contracts\/published was up to date\.$/m)
  })

  it('writes to another folder where it is named', async () => {
    const root = made(emptyDirectory())
    expect((await publish(root, '--to', 'mine')).code).toBe(0)
    expect(existsSync(path.join(root, 'mine/order.placed.v1/schema.json'))).toBe(true)
    expect(existsSync(path.join(root, PUBLISHED))).toBe(false)
  })

  it('writes nowhere where the folder is an empty text, of a variable that is not set, say', async () => {
    const root = made(emptyDirectory())
    const { code, err } = await publish(root, '--to', '')
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--to is empty') })
    expect(readFolder(root)).toEqual([])
  })

  it('takes over what breaks nobody, and leaves stored events as they are', async () => {
    const root = made(cloneWithPublished())
    const [schema, sample] = ['order.placed.v1/schema.json', 'order.placed.v1/examples/01-sample.json']
    const textOf = (name: string) => readFileSync(path.join(root, PUBLISHED, name), 'utf8')
    const before = textOf(schema)
    rewrite(root, schema, (text) => text.replace('"maxItems": 100', '"maxItems": 90'))
    rewrite(root, sample, (text) => text.replaceAll('EDX-100001', 'EDX-100002'))
    const stored = textOf(sample)
    const { code, out } = await publish(root)
    expect(code).toBe(0)
    expect(out).toMatch(/^order\.placed\.v1 +updated +schema\.json, examples\/02-sample\.json$/m)
    expect(textOf(schema)).toBe(before)
    expect(textOf(sample)).toBe(stored)
  })

  it('refuses what would break readers of old events, and writes nothing at all', async () => {
    const root = made(cloneWithPublished())
    rewrite(root, 'order.placed.v1/schema.json', (text) => text.replaceAll('"learner', '"buyer'))
    rmSync(path.join(root, PUBLISHED, 'order.fulfilled.v1'), { recursive: true })
    const before = readFolder(path.join(root, PUBLISHED))
    const { code, out } = await publish(root)
    expect(code).toBe(1)
    expect(out).toMatch(/buyer: renamed to learner {2}MESH_CONTRACT_BREAKS/)
    expect(out).toMatch(/^Nothing was written to packages\/contracts\/published/m)
    expect(readFolder(path.join(root, PUBLISHED))).toEqual(before)
  })

  it('says so where it may not write', async () => {
    const root = made(emptyDirectory())
    writeFileSync(path.join(root, 'file'), '')
    const { code, err } = await publish(root, '--to', 'file')
    expect(code).toBe(3)
    expect(err).toMatch(/MESH_DATA_NOT_WRITABLE .*file[^]*--to/)
  })

  it('does not write into an installed package', async () => {
    const { code, err } = await publish('/somewhere/node_modules/@commerce-mesh/cli')
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--to DIR') })
  })
})

import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PUBLISHED } from '../publish/folder.ts'
import { runHere } from '../test/terminal.fixture.ts'
import { cloneWithPublished, commitAll, git, rewrite, ROOT } from './repository.fixture.ts'

const SCHEMA = 'order.placed.v1/schema.json'

const SAMPLE = 'order.placed.v1/examples/01-sample.json'

const check = (root: string, ...flags: readonly string[]) => runHere(['contracts', 'check', ...flags], root)

/** As if the contract had called it `buyer` when it was published. */
const asBuyer = (text: string) => text.replaceAll('"learner', '"buyer')

const roots: string[] = []
const clone = () => {
  const root = cloneWithPublished()
  roots.push(root)
  return root
}
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true })
})

describe('mesh contracts check', () => {
  it('finds nothing in this repository: what is published is what its contracts say', async () => {
    const { code, out } = await check(ROOT)
    expect(out).toBe(`8 contracts against ${PUBLISHED}: nothing changed that anybody would notice\n`)
    expect(code).toBe(0)
  })

  it('names the handlers that a renamed field breaks, and what to do', async () => {
    const root = clone()
    rewrite(root, SCHEMA, asBuyer)
    const { code, out } = await check(root)
    expect(code).toBe(1)
    expect(out).toMatch(
      /^order\.placed\.v1 {2}breaks\n {2}buyer: renamed to learner {2}MESH_CONTRACT_BREAKS$/m,
    )
    expect(out).toMatch(
      /breaks fulfillment\/grant-on-order-placed \(reads learner[^)]*\), gateway\/view-order-placed/,
    )
    expect(out).toMatch(/Fix: Keep buyer and add learner as optional, or publish order\.placed v2/)
    expect(out).toMatch(/^8 contracts against packages\/contracts\/published: 1 error$/m)
  })

  it('only warns where readers have to be deployed first', async () => {
    const root = clone()
    rewrite(root, SCHEMA, (text) => {
      const { properties, ...schema } = JSON.parse(text) as { properties: Record<string, unknown> }
      const { emailOptIn: _, ...older } = properties
      return JSON.stringify({ ...schema, properties: older })
    })
    rewrite(root, SAMPLE, (text) => text.replace(/,\s*"emailOptIn": false/, ''))
    const { code, out } = await check(root)
    expect(out).toMatch(/emailOptIn: is new and optional {2}MESH_CONTRACT_READERS_FIRST/)
    expect(out).toMatch(/: 1 warning$/m)
    expect(code).toBe(0)
  })

  it('reads every stored event with today’s contracts', async () => {
    const root = clone()
    rewrite(root, SAMPLE, asBuyer)
    const { code, out } = await check(root)
    expect(code).toBe(1)
    expect(out).toMatch(/stored event 01-sample\.json is refused: data\.learner is missing/)
  })

  it('is data and GitHub’s commands, too', async () => {
    const root = clone()
    rewrite(root, SCHEMA, asBuyer)
    const { valid, against, findings } = JSON.parse((await check(root, '--json')).out) as {
      valid: boolean
      against: string
      findings: unknown[]
    }
    expect({ valid, against }).toEqual({ valid: false, against: PUBLISHED })
    expect(findings).toMatchObject([
      { code: 'MESH_CONTRACT_BREAKS', path: 'buyer', change: { to: 'learner' } },
    ])
    const { code, out } = await check(root, '--format', 'github')
    expect(code).toBe(1)
    expect(out).toMatch(
      /^::error file=packages\/contracts\/published\/order\.placed\.v1\/schema\.json,line=1,col=1,title=MESH_CONTRACT_BREAKS::buyer: renamed/,
    )
  })

  it('compares with another folder, where every contract is expected', async () => {
    const root = clone()
    rmSync(path.join(root, PUBLISHED, 'order.fulfilled.v1'), { recursive: true })
    const { code, out } = await check(ROOT, '--against', path.join(root, PUBLISHED))
    expect(code).toBe(1)
    expect(out).toMatch(/^order\.fulfilled\.v1 {2}is not published\n.*MESH_CONTRACT_UNPUBLISHED$/m)
  })

  it.each([
    [['--against', 'no-such-branch'], /'no-such-branch' is neither a folder nor a commit/],
    [['--against', '--all'], /--against/],
    [['--against', ''], /--against is empty/],
    [['--format', 'png'], /text, json, github/],
  ])('refuses %j', async (flags, words) => {
    const { code, err } = await check(ROOT, ...flags)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(words) })
  })
})

describe('against a commit', () => {
  let root: string
  beforeAll(() => {
    root = clone()
    git(root, 'init', '--quiet', '--initial-branch', 'main')
    rewrite(root, SCHEMA, (text) => text.replace('"maxItems": 100', '"maxItems": 90'))
    commitAll(root, 'published')
    git(
      root,
      'tag',
      'empty',
      git(
        root,
        'commit-tree',
        '-m',
        'empty',
        git(root, 'hash-object', '-t', 'tree', '/dev/null').trim(),
      ).trim(),
    )
  })

  it('sees changes of contracts that were published since, by their readers', async () => {
    rewrite(root, SCHEMA, (text) => text.replace('"maxItems": 90', '"maxItems": 100'))
    const { code, out } = await check(root, '--against', 'main')
    expect(out).toMatch(/lines: had 1 to 90 items, has now 1 to 100 items {2}MESH_CONTRACT_READERS_FIRST/)
    expect(out).toMatch(/^8 contracts against main: 1 warning$/m)
    expect(code).toBe(0)
  })

  it('sees what was published and then changed by hand', async () => {
    rewrite(root, SCHEMA, (text) => text.replace('"maxItems": 90', '"maxItems": 100'))
    rewrite(root, SAMPLE, (text) => text.replace('EDX-100001', 'EDX-100002'))
    rewrite(root, 'order.fulfilled.v1/schema.json', (text) => text.replace('"minItems": 1', '"minItems": 2'))
    rmSync(path.join(root, PUBLISHED, 'payment.captured.v1'), { recursive: true })
    const { code, out } = await check(root, '--against', 'main')
    git(root, 'checkout', '--quiet', '--', '.')
    expect(out).toMatch(/stored event 01-sample\.json was changed since main {2}MESH_CONTRACT_EXAMPLE/)
    expect(out).toMatch(
      /published schema was changed by hand since main: field lines had at least 1 item, has now at least 2 items/,
    )
    expect(out).toMatch(/its published files were removed since main {2}MESH_CONTRACT_GONE/)
    expect(code).toBe(1)
  })

  it('says so where the commit has nothing published', async () => {
    rewrite(root, SCHEMA, (text) => text.replace('"maxItems": 90', '"maxItems": 100'))
    const { code, err } = await check(root, '--against', 'empty')
    git(root, 'checkout', '--quiet', '--', '.')
    expect(err).toMatch(/^empty holds no packages\/contracts\/published/)
    expect(code).toBe(0)
  })
})

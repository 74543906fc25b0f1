import fs from 'node:fs'
import path from 'node:path'
import { CATALOGUE, CONFIG_FINDINGS, loadConfig } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { CONTRACT_FINDINGS } from '../contracts/check/finding.ts'
import { ENVIRONMENT } from '../environment.ts'
import { SERVICES } from '../services.ts'
import { generatedPages } from './pages.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

const KNOWN: readonly string[] = [CATALOGUE, CONFIG_FINDINGS, CONTRACT_FINDINGS].flatMap(Object.keys)
/** Variables of development; no operator needs them. */
const OF_DEVELOPMENT = ['MESH_ENGINES']
const isOfTests = (name: string) => name.startsWith('MESH_TEST_') || name.startsWith('MESH_BENCH_')

const VARIABLES: readonly string[] = [...ENVIRONMENT.map(({ name }) => name), ...OF_DEVELOPMENT]

const sources = ['packages', 'services', 'bench']
  .flatMap((part) =>
    fs
      .readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' })
      .map((file) => path.join(root, part, file)),
  )
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.includes('node_modules'))

/** Where codes are declared, not used. */
const DECLARATIONS = ['errors/catalogue.ts', 'finding/finding.ts', 'check/finding.ts']

const quotedCodes = (text: string) =>
  [...text.matchAll(/['"`](MESH_[A-Z]+(?:_[A-Z]+)*)['"`]/g)].map(([, code = '']) => code)

const used = new Map(
  sources
    .filter((file) => !DECLARATIONS.some((declaration) => file.endsWith(declaration)))
    .flatMap((file) =>
      quotedCodes(fs.readFileSync(file, 'utf8')).map((code) => [code, path.relative(root, file)] as const),
    ),
)

describe('generated pages', () => {
  it.each([...generatedPages(root)])('%s is up to date (if not: npm run docs)', (file, text) => {
    expect(fs.readFileSync(path.join(root, file), 'utf8')).toBe(text)
  })
})

describe('docs/contracts.html', () => {
  it('leads to files that there are', () => {
    const page = fs.readFileSync(path.join(root, 'docs', 'contracts.html'), 'utf8')
    const addresses = [...page.matchAll(/href="([^"#]+)"/g)].map(([, address = '']) => address)
    expect(addresses.length).toBeGreaterThan(10)
    expect(addresses.filter((address) => !fs.existsSync(path.join(root, 'docs', address)))).toEqual([])
  })
})

describe('the catalogue', () => {
  it('looks at the sources of every part', () => expect(sources.length).toBeGreaterThan(100))

  it('has every code that the sources use', () => {
    expect(
      [...used].filter(([code]) => !KNOWN.includes(code) && !VARIABLES.includes(code) && !isOfTests(code)),
    ).toEqual([])
  })

  it('has no code that nothing uses', () => {
    expect(KNOWN.filter((code) => !used.has(code))).toEqual([])
  })
})

describe('examples/mesh.yaml', () => {
  it('is right, warns of nothing, and keeps its secrets in the environment', () => {
    const env = {
      LMS_JWT_SECRET: 'x'.repeat(32),
      STRIPE_WEBHOOK_SECRET: 'whsec_1234',
      LMS_CLIENT_ID: 'id',
      LMS_CLIENT_SECRET: 'secret',
    }
    const { config, warnings } = loadConfig('examples/mesh.yaml', {
      services: SERVICES,
      env,
      directory: root,
    })
    expect(warnings).toEqual([])
    expect(config.services['gateway']).toMatchObject({ port: 8080, stripe: { secrets: ['whsec_1234'] } })
  })
})

import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { CONFIG_FINDINGS } from '@commerce-mesh/mesh'
import type { Finding } from '@commerce-mesh/mesh'
import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Judged } from './judge.fixture.ts'

const program = fileURLToPath(new URL('./judge.fixture.ts', import.meta.url))

const filesIn = (kind: string): readonly string[] =>
  readdirSync(path.join(import.meta.dirname, kind)).filter((name) => name.endsWith('.yaml'))

const BROKEN = filesIn('broken')
const GOOD = filesIn('good')

/** A row of the tables in README.md. */
type Row = { readonly file: string; readonly finding: string; readonly says: string; readonly fix: string }

const rowsOf = (text: string): readonly Row[] =>
  text
    .split('\n')
    .filter((line) => /^\| \S+\.yaml \|/.test(line))
    .map((line) => {
      const [, file = '', finding = '', says = '', fix = ''] = line
        .split(' | ')
        .flatMap((cell, nth) => (nth === 0 ? ['', cell.slice(2)] : [cell.replace(/ \|$/, '')]))
      return { file, finding, says, fix }
    })

const ROWS = Map.groupBy(
  rowsOf(readFileSync(path.join(import.meta.dirname, 'README.md'), 'utf8')),
  ({ file }) => file,
)

const shown = ({ severity, code, line, column }: Finding): string => `${severity} ${code} ${line}:${column}`

/** A process that hangs is ended, so that the test says so. */
const LONGEST_MS = 50_000

const judge = async (): Promise<ReadonlyMap<string, Judged>> => {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: LONGEST_MS,
  })
  const judged = (await json(child.stdout)) as readonly Judged[]
  return new Map(judged.map((one) => [one.file, one]))
}

describe('the catalogue of configurations', () => {
  let all: ReadonlyMap<string, Judged> = new Map()
  beforeAll(async () => {
    all = await judge()
  })
  const judged = (file: string): Judged => {
    const found = all.get(file)
    if (found === undefined) throw new TypeError(`${file} was not judged.`)
    return found
  }

  it('lists every broken file, and no other', () =>
    expect([...ROWS.keys()].toSorted()).toEqual(BROKEN.toSorted()))

  it.each(BROKEN)('finds what is wrong with %s, and nothing else', (name) => {
    const { findings } = judged(`broken/${name}`)
    const rows = ROWS.get(name) ?? []
    expect(findings.map(shown)).toEqual(rows.map(({ finding }) => finding))
    rows.forEach(({ says, fix }, nth) => {
      expect(findings[nth]?.message).toContain(says)
      expect(findings[nth]?.fix).toContain(fix)
    })
  })

  it.each(BROKEN)('does not start with %s where there is an error, and says the same', (name) => {
    const { findings, exitCode, up, starts, sameWords } = judged(`broken/${name}`)
    const fails = findings.some(({ severity }) => severity === 'error')
    expect({ exitCode, starts, up, sameWords }).toEqual({
      exitCode: fails ? 1 : 0,
      starts: !fails,
      up: findings,
      sameWords: true,
    })
  })

  it.each(GOOD)('finds nothing in %s, and starts with it', (name) =>
    expect(judged(`good/${name}`)).toEqual({
      file: `good/${name}`,
      findings: [],
      exitCode: 0,
      up: [],
      starts: true,
      sameWords: true,
    }),
  )

  it(`${BROKEN.length} broken configurations, ${BROKEN.length} found; ${GOOD.length} good ones, no finding`, () => {
    const found = (files: readonly string[], kind: string) =>
      files.filter((name) => judged(`${kind}/${name}`).findings.length > 0)
    expect(found(BROKEN, 'broken')).toHaveLength(BROKEN.length)
    expect(found(GOOD, 'good')).toEqual([])
    expect(all.size).toBe(BROKEN.length + GOOD.length)
  })

  it('shows every code that there is', () => {
    const codes = new Set([...all.values()].flatMap(({ findings }) => findings.map(({ code }) => code)))
    expect(Object.keys(CONFIG_FINDINGS).filter((code) => !codes.has(code as Finding['code']))).toEqual([])
  })

  it('repeats no secret', () =>
    expect(JSON.stringify([...all.values()])).not.toMatch(
      /correct-horse|lms-client-secret|acme-secret|whsec_|jwt-secret|-password"|otlp-token/,
    ))
})

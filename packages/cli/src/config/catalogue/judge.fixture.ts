// Judges every file of the catalogue in one process, as `mesh validate` and as `mesh up` do, and prints what came of it as JSON.
// A process of its own, because plugins are loaded by Node itself: Jest's module system heeds no hooks. The catalogue is copied
// to where nothing else lies, as a vendor's plugin lies anywhere.
import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ConfigError, formatFinding } from '@commerce-mesh/mesh'
import type { Finding } from '@commerce-mesh/mesh'
import { COMMANDS } from '../../commands/table.ts'
import { parseCommandLine } from '../../command/parse.ts'
import { loadProgram } from '../../program/program.ts'
import { run } from '../../run.ts'
import { PLAIN } from '../../terminal/paint.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { planUp } from '../../up/plan.ts'

/** What was found in one file. */
export type Judged = {
  /** `broken/misspelt-key.yaml`. */
  readonly file: string
  readonly exitCode: number
  readonly findings: readonly Finding[]
  /** What `mesh up` found: errors that keep it from starting, and warnings. */
  readonly up: readonly Finding[]
  readonly starts: boolean
  /** Whether the refusal of `mesh up` tells each error in the words of `mesh validate`. */
  readonly sameWords: boolean
}

const env = {
  LMS_CLIENT_SECRET: 'lms-client-secret',
  STRIPE_WEBHOOK_SECRET: 'whsec_stripe',
  JWT_SECRET: 'jwt-secret-of-the-lms',
  ACME_SECRET: 'acme-secret',
  KAFKA_PASSWORD: 'kafka-password',
  MONGODB_PASSWORD: 'mongodb-password',
  OTLP_TOKEN: 'otlp-token',
  EMPTY: '',
}

const directory = mkdtempSync(path.join(tmpdir(), 'mesh-catalogue-'))

const terminalOf = (out: (line: string) => void): Terminal => ({
  out,
  write: async (text) => out(text),
  note: () => {},
  paint: PLAIN,
  notePaint: PLAIN,
  isInteractive: false,
  env,
  directory,
  root: directory,
  program: 'mesh',
  stdin: async () => '',
  input: async function* () {},
  now: () => new Date(0),
})

const validate = async (file: string): Promise<Pick<Judged, 'exitCode' | 'findings'>> => {
  const lines: string[] = []
  const exitCode = await run(
    ['validate', '--config', file, '--json'],
    terminalOf((line) => void lines.push(line)),
  )
  const { findings } = JSON.parse(lines.join('\n')) as { findings: readonly Finding[] }
  return { exitCode, findings }
}

const shown = (findings: readonly Finding[], file: string) =>
  findings.map((finding) => ({ ...finding, file }))

const start = async (file: string): Promise<Pick<Judged, 'up' | 'starts' | 'sameWords'>> => {
  const terminal = terminalOf(() => {})
  const { input } = parseCommandLine(['up', '--config', file, '--data', 'data'], COMMANDS)
  try {
    const { warnings } = planUp(input, terminal, await loadProgram(input, terminal))
    return { up: shown(warnings, file), starts: true, sameWords: true }
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown
    const { findings, message } = thrown
    const errors = findings.filter(({ severity }) => severity === 'error')
    return {
      up: shown(findings, file),
      starts: false,
      sameWords: errors.every((finding) => message.includes(formatFinding(finding))),
    }
  }
}

try {
  cpSync(import.meta.dirname, directory, { recursive: true })
  for (const name of readdirSync(path.join(directory, 'plugins')).filter((one) => one.endsWith('.txt')))
    renameSync(
      path.join(directory, 'plugins', name),
      path.join(directory, 'plugins', name.replace(/\.txt$/, '')),
    )
  const files = ['broken', 'good'].flatMap((kind) =>
    readdirSync(path.join(directory, kind))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => `${kind}/${name}`),
  )
  const judged: Judged[] = []
  for (const file of files) judged.push({ file, ...(await validate(file)), ...(await start(file)) })
  process.stdout.write(JSON.stringify(judged))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

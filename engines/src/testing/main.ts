import { describe } from '../command/run.ts'
import { KINDS } from './kinds.ts'
import { runTests } from './run-tests.ts'

const [name = '', ...rest] = process.argv.slice(2)
const kind = KINDS[name]
const note = (line: string) => void process.stderr.write(`${line}\n`)
const terminal = { out: (line: string) => void process.stdout.write(`${line}\n`), note, env: process.env }

if (kind === undefined) {
  note(`There are tests of the kinds ${Object.keys(KINDS).join(' and ')}, not ${name}.`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = await runTests(kind, rest, terminal)
  } catch (thrown) {
    process.exitCode = describe(thrown, note)
    note('Nothing was tested.')
  }
}

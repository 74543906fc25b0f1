import {
  CONFIG_FINDINGS,
  configJsonSchema,
  editorSchema,
  formatFinding,
  readConfig,
} from '@commerce-mesh/mesh'
import type { Finding } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { configFile, shortPath } from '../data/place.ts'
import { countFindings } from '../findings/finding.ts'
import { formatOf } from '../command/format.ts'
import { renderGithub } from '../findings/github.ts'
import { renderSarif } from '../findings/sarif.ts'
import { loadProgram } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { sandboxHint } from '../up/plan.ts'

const FORMATS = ['text', 'json', 'github', 'sarif'] as const
const MEANINGS = Object.fromEntries(
  Object.entries(CONFIG_FINDINGS).map(([code, { meaning }]) => [code, meaning]),
)

const showText = (
  findings: readonly Finding[],
  valid: boolean,
  what: string,
  { out, paint }: Pick<Terminal, 'out' | 'paint'>,
): void => {
  for (const finding of findings) out(`${formatFinding(finding)}\n`)
  const verdict = countFindings(findings)
  const shown =
    verdict === undefined ? paint.green('no errors') : valid ? paint.yellow(verdict) : paint.red(verdict)
  out(`${what}: ${shown}`)
}

/** `mesh validate`. @throws UsageError */
export const validateConfig = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = formatOf(input, FORMATS)
  const { services, sources, mesh } = await loadProgram(input, terminal)
  if (input.on('schema')) {
    terminal.out(JSON.stringify(editorSchema(configJsonSchema(services, sources)), undefined, 2))
    return EXIT.ok
  }
  const named = configFile(input, terminal)
  const read = readConfig(named, { services, mesh, env: terminal.env, directory: terminal.directory })
  const valid = read.config !== undefined
  const findings = read.findings.map((finding) => ({
    ...finding,
    file: finding.file === named ? shortPath(named, terminal) : finding.file,
  }))
  if (format === 'json') terminal.out(JSON.stringify({ valid, findings }, undefined, 2))
  if (format === 'github') for (const line of renderGithub(findings)) terminal.out(line)
  if (format === 'sarif') for (const line of renderSarif(findings, MEANINGS)) terminal.out(line)
  if (format === 'text') {
    const file = read.file ?? named
    const what =
      file === undefined ? 'There is no mesh.yaml; the defaults were checked' : shortPath(file, terminal)
    showText(findings, valid, what, terminal)
    const hint = sandboxHint(findings)
    if (hint !== undefined) terminal.out(hint)
  }
  return valid ? EXIT.ok : EXIT.failed
}

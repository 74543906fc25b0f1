import { configJsonSchema, editorSchema, formatFinding, readConfig } from '@commerce-mesh/mesh'
import type { Finding } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { SERVICES } from '../services.ts'
import type { Terminal } from '../terminal/terminal.ts'

const counted = (findings: readonly Finding[], severity: Finding['severity']): string | undefined => {
  const count = findings.filter((finding) => finding.severity === severity).length
  return count === 0 ? undefined : `${count} ${severity}${count === 1 ? '' : 's'}`
}

/** `mesh validate`. */
export const validateConfig = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  if (input.on('schema')) {
    terminal.out(JSON.stringify(editorSchema(configJsonSchema(SERVICES)), undefined, 2))
    return EXIT.ok
  }
  const { config, findings, file } = readConfig(input.text('config'), {
    services: SERVICES,
    env: terminal.env,
    directory: terminal.directory,
  })
  if (input.on('json')) terminal.out(JSON.stringify({ valid: config !== undefined, findings }, undefined, 2))
  else {
    for (const finding of findings) terminal.out(`${formatFinding(finding)}\n`)
    const verdict = [counted(findings, 'error'), counted(findings, 'warning')]
      .filter((part) => part !== undefined)
      .join(', ')
    const unread = findings.find(({ code }) => code === 'MESH_CONFIG_UNREADABLE')
    const what = file ?? unread?.file ?? 'There is no mesh.yaml; the defaults were checked'
    terminal.out(
      `${what}: ${verdict === '' ? terminal.paint.green('no errors') : config === undefined ? terminal.paint.red(verdict) : terminal.paint.yellow(verdict)}`,
    )
  }
  return config === undefined ? EXIT.failed : EXIT.ok
}

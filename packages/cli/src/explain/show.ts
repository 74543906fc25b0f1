import { EventFormatError } from '@commerce-mesh/contracts'
import { contractsOf, grantsOf } from '@commerce-mesh/mesh'
import { readText } from '../command/read-text.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { loadProgram } from '../program/program.ts'
import { wiringOf } from '../program/wiring.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { explainEvent } from './explain.ts'
import type { ExplainParts } from './explain.ts'
import { readEvent } from './read-event.ts'
import { renderExplained } from './render.ts'

const showRefused = ({ kind, findings }: EventFormatError, input: Input, terminal: Terminal): ExitCode => {
  if (input.on('json')) terminal.out(JSON.stringify({ class: kind, findings }, undefined, 2))
  else {
    terminal.out(terminal.paint.red(`It becomes a dead letter of class ${kind}; no handler gets it:`))
    for (const { path, message } of findings) terminal.out(`  ${path === '' ? 'event' : path} ${message}`)
  }
  return EXIT.failed
}

/** `mesh explain`. Exit code 1 where the event would be set aside. @throws UsageError, ConfigError (MESH_CONFIG_INVALID) */
export const explain = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const text = await readText(
    input.argument('FILE'),
    terminal,
    'FILE is the JSON of one event, of its data, or of an order.',
  )
  const { services, mesh } = await loadProgram(input, terminal)
  const { routes, producers } = wiringOf(input, terminal, mesh)
  try {
    const { event, contract } = readEvent(text, input.text('type'), contractsOf(mesh))
    const explained = await explainEvent(contract, event, {
      services: services as unknown as ExplainParts['services'],
      routes,
      grants: grantsOf(producers),
      now: terminal.now(),
    })
    if (input.on('json')) terminal.out(JSON.stringify(explained, undefined, 2))
    else for (const line of renderExplained(explained, terminal.paint)) terminal.out(line)
    return explained.refused === undefined ? EXIT.ok : EXIT.failed
  } catch (thrown) {
    if (thrown instanceof EventFormatError) return showRefused(thrown, input, terminal)
    throw thrown
  }
}

import { graphOf, readConfig, withoutBookkeeping } from '@commerce-mesh/mesh'
import type { Graph } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { configFile } from '../data/place.ts'
import { loadProgram } from '../program/program.ts'
import type { Program } from '../program/program.ts'
import { wiringOf } from '../program/wiring.ts'
import { RUNNABLE } from '../services.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderDot, renderMermaid } from './diagram.ts'
import { renderSvg } from './svg.ts'
import { renderText } from './text.ts'

const RENDERERS: Readonly<Record<string, (graph: Graph, terminal: Terminal) => readonly string[]>> = {
  text: (graph, { paint }) => renderText(graph, paint),
  mermaid: renderMermaid,
  dot: renderDot,
  svg: renderSvg,
  json: (graph) => [JSON.stringify(graph, undefined, 2)],
}

/** The graph of our services without bookkeeping; the edge first, as that is where an order comes in. */
export const declaredGraph = (): Graph => withoutBookkeeping(graphOf(RUNNABLE.toReversed(), { sources: [] }))

/** The graph of a configuration. @throws ConfigError (MESH_CONFIG_INVALID) where the file can't be read */
const configuredGraph = ({ services, mesh }: Program, input: Input, terminal: Terminal): Graph => {
  const wiring = wiringOf(input, terminal)
  const sources = mesh.sources.filter(({ path }) => path[0] === 'sources')
  return graphOf(services.toReversed(), { ...wiring, sources })
}

/** Whether a plugin or a route is wrong, so that the graph is not what was meant. */
const leavesOut = ({ services, mesh }: Program, input: Input, terminal: Terminal): boolean => {
  const { env, directory } = terminal
  const { findings } = readConfig(configFile(input, terminal), { services, mesh, env, directory })
  return findings.some(({ severity, code }) => severity === 'error' && /^MESH_(?:PLUGIN|ROUTE)_/.test(code))
}

/** `mesh graph`. @throws UsageError, ConfigError (MESH_CONFIG_INVALID) */
export const showGraph = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = input.text('format') ?? 'text'
  const render = Object.hasOwn(RENDERERS, format) ? RENDERERS[format] : undefined
  if (render === undefined)
    throw new UsageError(`--format must be one of ${Object.keys(RENDERERS).join(', ')}; it is '${format}'.`)
  const program = await loadProgram(input, terminal)
  const graph = configuredGraph(program, input, terminal)
  for (const line of render(input.on('all') ? graph : withoutBookkeeping(graph), terminal)) terminal.out(line)
  if (leavesOut(program, input, terminal))
    terminal.note('A plugin or a route is wrong, so this is not the whole graph: `mesh validate` names it.')
  return EXIT.ok
}

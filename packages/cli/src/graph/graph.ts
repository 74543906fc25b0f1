import { graphOf, withoutBookkeeping } from '@commerce-mesh/mesh'
import type { Graph } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { loadProgram } from '../program/program.ts'
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
const configuredGraph = async (input: Input, terminal: Terminal): Promise<Graph> => {
  const { services, mesh } = await loadProgram(input, terminal)
  const wiring = wiringOf(input, terminal)
  const sources = mesh.sources.filter(({ path }) => path[0] === 'sources')
  return graphOf(services.toReversed(), { ...wiring, sources })
}

/** `mesh graph`. @throws UsageError, ConfigError (MESH_CONFIG_INVALID) */
export const showGraph = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = input.text('format') ?? 'text'
  const render = Object.hasOwn(RENDERERS, format) ? RENDERERS[format] : undefined
  if (render === undefined)
    throw new UsageError(`--format must be one of ${Object.keys(RENDERERS).join(', ')}; it is '${format}'.`)
  const graph = await configuredGraph(input, terminal)
  for (const line of render(input.on('all') ? graph : withoutBookkeeping(graph), terminal)) terminal.out(line)
  return EXIT.ok
}

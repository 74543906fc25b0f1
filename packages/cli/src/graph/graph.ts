import { graphOf, withoutBookkeeping } from '@commerce-mesh/mesh'
import type { Graph } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
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
export const declaredGraph = (): Graph => withoutBookkeeping(graphOf(RUNNABLE.toReversed()))

/** `mesh graph`. @throws UsageError */
export const showGraph = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = input.text('format') ?? 'text'
  const render = Object.hasOwn(RENDERERS, format) ? RENDERERS[format] : undefined
  if (render === undefined)
    throw new UsageError(`--format must be one of ${Object.keys(RENDERERS).join(', ')}; it is '${format}'.`)
  const graph = input.on('all') ? graphOf(RUNNABLE.toReversed()) : declaredGraph()
  for (const line of render(graph, terminal)) terminal.out(line)
  return EXIT.ok
}

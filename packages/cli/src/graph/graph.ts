import { graphOf, withoutBookkeeping } from '@commerce-mesh/mesh'
import type { Graph } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { RUNNABLE } from '../services.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderDot, renderMermaid } from './diagram.ts'
import { renderText } from './text.ts'

const RENDERERS: Readonly<Record<string, (graph: Graph, terminal: Terminal) => readonly string[]>> = {
  text: (graph, { paint }) => renderText(graph, paint),
  mermaid: renderMermaid,
  dot: renderDot,
  json: (graph) => [JSON.stringify(graph, undefined, 2)],
}

/** `mesh graph`. @throws UsageError */
export const showGraph = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = input.text('format') ?? 'text'
  const render = Object.hasOwn(RENDERERS, format) ? RENDERERS[format] : undefined
  if (render === undefined)
    throw new UsageError(`--format must be one of ${Object.keys(RENDERERS).join(', ')}; it is '${format}'.`)
  // The edge first: that is where an order comes in.
  const graph = graphOf(RUNNABLE.toReversed())
  for (const line of render(input.on('all') ? graph : withoutBookkeeping(graph), terminal)) terminal.out(line)
  return EXIT.ok
}

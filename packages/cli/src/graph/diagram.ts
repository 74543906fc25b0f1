import type { Graph, GraphEvent } from '@commerce-mesh/mesh'

/** An arrow from a service to another; the same pair of services has one, however many events take it. */
type Arrow = { readonly from: string; readonly to: string; readonly types: readonly string[] }

const NOBODY = 'nobody'

const ends = (names: readonly string[]): readonly string[] => (names.length === 0 ? [NOBODY] : names)

const pairsOf = ({ type, emittedBy, readBy }: GraphEvent) =>
  ends(emittedBy).flatMap((from) => ends(readBy).map((to) => ({ from, to, type })))

const arrowsOf = ({ events }: Graph): readonly Arrow[] => {
  const pairs = Map.groupBy(events.flatMap(pairsOf), ({ from, to }) => `${from} ${to}`)
  return [...pairs.values()].map((ofPair) => ({
    from: ofPair[0]?.from ?? NOBODY,
    to: ofPair[0]?.to ?? NOBODY,
    types: ofPair.map(({ type }) => type),
  }))
}

const isNobodys = (arrows: readonly Arrow[]): boolean =>
  arrows.some(({ from, to }) => from === NOBODY || to === NOBODY)

/** Service names are lower case with hyphens; Mermaid takes a hyphen for the beginning of an arrow. */
const mermaidId = (name: string): string => name.replaceAll('-', '_')

/** A graph as a Mermaid flowchart: services are boxes, arrows are events; a dashed arrow only feeds a view. */
export const renderMermaid = (graph: Graph): readonly string[] => {
  const arrows = arrowsOf(graph)
  const views = new Set(graph.services.flatMap(({ name, projects }) => (projects ? [name] : [])))
  return [
    'flowchart LR',
    ...graph.services.map(({ name }) => `  ${mermaidId(name)}["${name}"]`),
    ...(isNobodys(arrows) ? [`  ${NOBODY}(["${NOBODY}"])`] : []),
    ...arrows.map(({ from, to, types }) => {
      const label = types.join('<br/>')
      const arrow = views.has(to) ? `-. "${label}" .->` : `-- "${label}" -->`
      return `  ${mermaidId(from)} ${arrow} ${mermaidId(to)}`
    }),
  ]
}

/** A graph in Graphviz' language, with the same boxes and arrows as {@link renderMermaid}. */
export const renderDot = (graph: Graph): readonly string[] => {
  const arrows = arrowsOf(graph)
  const views = new Set(graph.services.flatMap(({ name, projects }) => (projects ? [name] : [])))
  return [
    'digraph mesh {',
    '  rankdir=LR',
    '  node [shape=box]',
    ...graph.services.map(({ name }) => `  "${name}"`),
    ...(isNobodys(arrows) ? [`  "${NOBODY}" [shape=oval]`] : []),
    ...arrows.map(({ from, to, types }) => {
      const style = views.has(to) ? ', style=dashed' : ''
      return `  "${from}" -> "${to}" [label="${types.join('\\n')}"${style}]`
    }),
    '}',
  ]
}

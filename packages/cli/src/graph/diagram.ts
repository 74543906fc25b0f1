import type { Graph } from '@commerce-mesh/mesh'
import { layOut } from './layout.ts'

/** Names have hyphens, blanks and slashes, which Mermaid takes for arrows, ends and shapes. */
const mermaidId = (name: string): string => name.replaceAll(/\W/g, '_')

/** A graph as a Mermaid flowchart: services are boxes, arrows are events; what is dashed only shows what others did. */
export const renderMermaid = (graph: Graph): readonly string[] => {
  const { nodes, links } = layOut(graph)
  const views = new Set(nodes.flatMap(({ name, isView }) => (isView ? [name] : [])))
  return [
    'flowchart LR',
    ...nodes.map(({ name, isView }) => `  ${mermaidId(name)}${isView ? `(["${name}"])` : `["${name}"]`}`),
    ...links.map(({ from, to, types }) => {
      const label = types.join('<br/>')
      const arrow = views.has(to) ? `-. "${label}" .->` : `-- "${label}" -->`
      return `  ${mermaidId(from)} ${arrow} ${mermaidId(to)}`
    }),
  ]
}

/** A graph in Graphviz' language, with the same boxes and arrows as {@link renderMermaid}. */
export const renderDot = (graph: Graph): readonly string[] => {
  const { nodes, links } = layOut(graph)
  const views = new Set(nodes.flatMap(({ name, isView }) => (isView ? [name] : [])))
  return [
    'digraph mesh {',
    '  rankdir=LR',
    '  node [shape=box]',
    ...nodes.map(({ name, isView }) => `  "${name}"${isView ? ' [style=dashed]' : ''}`),
    ...links.map(({ from, to, types }) => {
      const style = views.has(to) ? ', style=dashed' : ''
      return `  "${from}" -> "${to}" [label="${types.join('\\n')}"${style}]`
    }),
    '}',
  ]
}

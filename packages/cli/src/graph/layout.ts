import type { Graph, GraphTaker } from '@commerce-mesh/mesh'

/** A service or a view of one, in the column of its step. */
export type Node = {
  readonly name: string
  readonly isView: boolean
  readonly column: number
}

/** Events that go from a node to another. */
export type Link = { readonly from: string; readonly to: string; readonly types: readonly string[] }

/** Nodes in columns, from where events come in to where they are only shown. */
export type Layout = {
  readonly nodes: readonly Node[]
  readonly links: readonly Link[]
  readonly columns: number
}

const NOBODY = 'nobody'
const LOST = 'nobody reads'

const viewOf = (service: string): string => `${service} view`

/** ` if …` where a service gets an event only under a condition. */
const conditionOf = (takers: readonly GraphTaker[], service: string): string => {
  const mine = takers.filter((taker) => taker.enabled && taker.service === service)
  const conditions = mine.flatMap(({ when }) => when ?? [])
  return conditions.length < mine.length || conditions.length === 0 ? '' : ` if ${conditions.join(' or ')}`
}

const linksOf = ({ services, events }: Graph): readonly Link[] => {
  const views = new Set(services.flatMap(({ name, projects }) => (projects ? [name] : [])))
  const pairs = events.flatMap(({ type, emittedBy, readBy, takers }) => {
    const sources = emittedBy.length === 0 ? [NOBODY] : emittedBy
    const targets =
      readBy.length === 0
        ? [{ to: LOST, label: type }]
        : readBy.map((name) => ({
            to: views.has(name) ? viewOf(name) : name,
            label: `${type}${conditionOf(takers, name)}`,
          }))
    return sources.flatMap((from) => targets.map(({ to, label }) => ({ from, to, type: label })))
  })
  return [...Map.groupBy(pairs, ({ from, to }) => `${from}>${to}`).values()].map((ofPair) => ({
    from: ofPair[0]?.from ?? NOBODY,
    to: ofPair[0]?.to ?? NOBODY,
    types: ofPair.map(({ type }) => type),
  }))
}

/** Longest way to a node from where nothing comes in; an arrow that closes a circle does not count. */
const depths = (names: readonly string[], links: readonly Link[]): ReadonlyMap<string, number> => {
  const known = new Map<string, number>()
  const depthOf = (name: string, path: ReadonlySet<string>): number => {
    const found = known.get(name)
    if (found !== undefined) return found
    const sources = links.filter(({ from, to }) => to === name && from !== name && !path.has(from))
    const further = new Set([...path, name])
    const depth = Math.max(0, ...sources.map(({ from }) => depthOf(from, further) + 1))
    if (path.size === 0) known.set(name, depth)
    return depth
  }
  for (const name of names) depthOf(name, new Set())
  return known
}

/** Puts a graph's services into columns; those that only show stand last, even where the same service also emits. */
export const layOut = (graph: Graph): Layout => {
  const links = linksOf(graph)
  const touched = new Set(links.flatMap(({ from, to }) => [from, to]))
  const plain = graph.services.map(({ name }) => name).filter((name) => touched.has(name))
  const working = touched.has(NOBODY) ? [NOBODY, ...plain] : plain
  const depth = depths(working, links)
  const last = Math.max(-1, ...depth.values()) + 1
  const shown = graph.services.flatMap(({ name, projects }) => (projects ? [viewOf(name)] : []))
  const sinks = [...shown, LOST].filter((name) => touched.has(name))
  const nodes = [
    ...working.map((name) => ({ name, isView: false, column: depth.get(name) ?? 0 })),
    ...sinks.map((name) => ({ name, isView: true, column: last })),
  ]
  return { nodes, links, columns: sinks.length > 0 ? last + 1 : last }
}

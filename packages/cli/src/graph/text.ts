import type { Graph, GraphEvent, GraphTaker } from '@commerce-mesh/mesh'
import { layTable } from '../terminal/table.ts'
import type { Paint } from '../terminal/paint.ts'

const NOBODY = 'nobody'

const listed = (names: readonly string[]): string => (names.length === 0 ? NOBODY : names.join(', '))

const fateOf = ({ enabled, when }: GraphTaker): string =>
  enabled ? (when === undefined ? 'always' : `when ${when}`) : 'off'

/** The ways that are not as the services have them by themselves. */
const routed = (events: readonly GraphEvent[]): readonly (readonly string[])[] =>
  events.flatMap(({ type, takers }) =>
    takers
      .filter(({ where, when }) => where !== 'default' || when !== undefined)
      .map((taker) => [type, `${taker.service}/${taker.handler}`, fateOf(taker), taker.where]),
  )

/** A graph as a table: one line for each event, with who emits and who reads it; then the routes that mesh.yaml sets. */
export const renderText = ({ services, events }: Graph, paint: Paint): readonly string[] => {
  const projections = services.flatMap(({ name, projects }) => (projects ? [name] : []))
  const [head = '', ...rows] = layTable([
    ['event', 'emitted by', 'read by'],
    ...events.map(({ type, emittedBy, readBy }) => [type, listed(emittedBy), listed(readBy)]),
  ])
  const routes = routed(events)
  const [routeHead = '', ...routeRows] = layTable(
    routes.length === 0 ? [] : [['route', 'to', 'when', 'set by'], ...routes],
  )
  const note =
    projections.length === 0
      ? []
      : ['', paint.dim(`${projections.join(', ')} reads only to show what others did.`)]
  return [
    paint.bold(head),
    ...rows,
    ...(routes.length === 0 ? [] : ['', paint.bold(routeHead), ...routeRows]),
    ...note,
  ]
}

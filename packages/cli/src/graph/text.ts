import type { Graph } from '@commerce-mesh/mesh'
import { layTable } from '../terminal/table.ts'
import type { Paint } from '../terminal/paint.ts'

const NOBODY = 'nobody'

const listed = (names: readonly string[]): string => (names.length === 0 ? NOBODY : names.join(', '))

/** A graph as a table: one line for each event, with who emits and who reads it. */
export const renderText = ({ services, events }: Graph, paint: Paint): readonly string[] => {
  const projections = services.flatMap(({ name, projects }) => (projects ? [name] : []))
  const [head = '', ...rows] = layTable([
    ['event', 'emitted by', 'read by'],
    ...events.map(({ type, emittedBy, readBy }) => [type, listed(emittedBy), listed(readBy)]),
  ])
  const note =
    projections.length === 0
      ? []
      : ['', paint.dim(`${projections.join(', ')} reads only to show what others did.`)]
  return [paint.bold(head), ...rows, ...note]
}

import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh graph`. */
export const graph: Command = {
  words: ['graph'],
  summary: 'Show who emits and who reads which event; starts nothing',
  details: [
    'Read from what services and plugins declare and what mesh.yaml routes, so that it can’t be out of date. An event that nobody emits or nobody reads is shown as such.',
    'In the diagrams boxes are services and arrows are events; a dashed arrow only feeds a view.',
  ],
  flags: {
    format: {
      type: 'string',
      value: 'FORMAT',
      about: '`text` (default), `svg`, `mermaid`, `dot` or `json`.',
    },
    config: PLACE_FLAGS.config,
    all: { type: 'boolean', about: 'The journal’s entries and announcements of dead letters too.' },
  },
  examples: [
    { line: 'mesh graph', does: 'A table' },
    { line: 'mesh graph --format mermaid', does: 'A diagram that GitHub shows in a ```mermaid block' },
    { line: 'mesh graph --format svg', does: 'A picture that every browser shows, once it is in a file' },
  ],
  run: async (input, terminal) => (await import('../graph/graph.ts')).showGraph(input, terminal),
}

import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh explain`. */
export const explain: Command = {
  words: ['explain'],
  summary:
    'Show what would happen to one event: which routes take it, which don’t and why, what each would emit',
  details: [
    'Nothing is done and nothing is asked: routes and conditions of mesh.yaml are held against the event. Handlers that promise to do nothing but decide are run, as for an order that is new to them; of the others it is told what they may emit.',
    'FILE holds one event (CloudEvents JSON), only its data, or an order as POST /v1/orders takes it. Exit code 1 where the event would become a dead letter.',
  ],
  args: [{ name: 'FILE', about: 'JSON file; - for standard input.' }],
  flags: {
    type: {
      type: 'string',
      value: 'TYPE',
      about: 'Event type, such as order.placed.v1, where FILE holds only the data.',
    },
    json: { type: 'boolean', about: 'Print JSON.' },
    config: PLACE_FLAGS.config,
  },
  examples: [
    { line: 'mesh explain examples/order.json', does: 'The way of an order through the mesh' },
    {
      line: 'mesh contracts sample order.placed.v1 | mesh explain - --config mesh.yaml',
      does: 'What the routes of a file do with an event',
    },
  ],
  run: async (input, terminal) => (await import('../explain/show.ts')).explain(input, terminal),
}

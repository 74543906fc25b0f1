import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh contracts sample`. */
export const contractsSample: Command = {
  words: ['contracts', 'sample'],
  summary: 'Print a valid event of a type; without a type, list all types',
  args: [{ name: 'TYPE', about: 'Event type with its version: order.placed.v1.', optional: true }],
  flags: {
    count: {
      type: 'string',
      value: 'N',
      about: 'N events, one a line, with ids and record keys of their own.',
    },
    data: { type: 'boolean', about: 'Only the data, without the CloudEvents attributes.' },
    config: PLACE_FLAGS.config,
  },
  examples: [
    { line: 'mesh contracts sample', does: 'Every type, and what has happened when it exists' },
    { line: 'mesh contracts sample order.placed.v1', does: 'One event, to read' },
    {
      line: 'mesh contracts sample order.submitted.v1 --count 1000 | mesh contracts test -',
      does: 'A thousand, to send or to test with',
    },
  ],
  run: async (input, terminal) =>
    (await import('../contracts/sample/sample.ts')).sampleContract(input, terminal),
}

import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh contracts test`. */
export const contractsTest: Command = {
  words: ['contracts', 'test'],
  summary: 'Say of events what the mesh would say to them, before they are sent',
  details: [
    'Takes events in the JSON format of CloudEvents, one a line, and prints one verdict a line: ok; contract (breaks its schema or a rule) or poison (can’t be decoded), with everything that is wrong. A file that holds one event over several lines is taken as one.',
    'Who may emit what is looked up in `producers` of mesh.yaml. Exit code 1 when an event would become a dead letter.',
  ],
  args: [{ name: 'FILES', about: 'Files of events, or - for standard input.', multiple: true }],
  flags: {
    as: {
      type: 'string',
      value: 'SOURCE',
      about: 'The source that you will publish under. Default: that of each event.',
    },
    config: PLACE_FLAGS.config,
    json: {
      type: 'boolean',
      about: 'JSON lines: file, line, verdict, type, id, producer, key, findings.',
    },
  },
  examples: [
    { line: 'mesh contracts test events.jsonl', does: 'A file, one event a line' },
    {
      line: 'mesh contracts sample order.submitted.v1 | mesh contracts test - --as /example-shop',
      does: 'Whether this shop may send such an order',
    },
    {
      line: 'mesh contracts test events.jsonl --json | jq -c \'select(.verdict != "ok")\'',
      does: 'Only the broken ones, for a program',
    },
  ],
  run: async (input, terminal) => (await import('../contracts/test/test.ts')).testContracts(input, terminal),
}

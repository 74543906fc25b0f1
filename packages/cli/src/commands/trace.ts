import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh trace`. */
export const trace: Command = {
  words: ['trace'],
  summary: 'Show where an order is and why: every event, every attempt, what waits and what died',
  details: [
    'Each line begins with the time since the first fact. Below an event stand the handlers that took it, with outcome, attempt and duration; below a handler the events that it caused.',
    'Works also while no mesh runs. Exit code 1 when the order is not known.',
  ],
  args: [{ name: 'ORDER', about: 'Order number.' }],
  flags: {
    json: { type: 'boolean', about: 'Print the status document of GET /v1/orders/{number}.' },
    ...CLIENT_FLAGS,
  },
  examples: [
    { line: 'mesh trace EDX-100001', does: 'Follow an order' },
    { line: 'mesh trace EDX-100001 --json | jq -r .status', does: 'Only its status' },
  ],
  run: async (input, terminal) => (await import('../trace/show.ts')).showTrace(input, terminal),
}

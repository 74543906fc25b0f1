import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh trace`. */
export const trace: Command = {
  words: ['trace'],
  summary: 'Show where an order is and why: every event, every attempt, what waits and what died',
  details: [
    'Each line begins with the time since the first fact. Below an event stand the handlers that took it, with outcome, attempt and duration; below a handler the events that it caused.',
    'ORDER may also be a trace id, a payment reference or the id of an event. The number is tried first; how the order was found otherwise is said on standard error. First traces and payments are indexed, anything else is looked for in all orders.',
    'With --follow it goes on until the order is fulfilled or you press Ctrl-C, also while the order failed, does not exist yet, or the mesh is starting again.',
    'Works also while no mesh runs. Exit code 1 when the order is not known, or ORDER fits several.',
  ],
  args: [{ name: 'ORDER', about: 'Order number, trace id, payment reference or event id.' }],
  flags: {
    follow: {
      type: 'boolean',
      about: 'Go on and print each new fact as it comes in; as JSON lines with --json.',
    },
    explain: {
      type: 'boolean',
      about: 'Show for each attempt which route and condition took the event, or skipped it.',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      about:
        '`text` (default), `json` (the status document of GET /v1/orders/{number}), or a waterfall: `svg`, or `html` with details of each row.',
    },
    json: { type: 'boolean', about: 'Short for --format json.' },
    ...CLIENT_FLAGS,
  },
  examples: [
    { line: 'mesh trace EDX-100001', does: 'Where an order is' },
    { line: 'mesh trace EDX-100001 --follow', does: 'Watch it until it is fulfilled' },
    {
      line: 'mesh trace pi_3NxAbCdEf --explain',
      does: 'The order of a payment, and which routes its events took',
    },
    {
      line: 'mesh trace EDX-100001 --format html',
      does: 'A page with a picture, for a browser or a ticket, once it is in a file',
    },
    { line: 'mesh trace EDX-100001 --json | jq -r .status', does: 'Only its status' },
  ],
  run: async (input, terminal) => (await import('../trace/show.ts')).showTrace(input, terminal),
}

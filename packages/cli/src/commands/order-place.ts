import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh order place`. */
export const orderPlace: Command = {
  words: ['order', 'place'],
  summary: 'Hand in an order, as a storefront does with POST /v1/orders',
  details: [
    'The order is accepted when it is on disk. Placing the same order again is safe: the number is known and nothing happens twice.',
    'examples/order.json shows the fields; a running mesh serves the whole contract at /openapi.json.',
  ],
  args: [{ name: 'FILE', about: 'JSON of the order, or - for standard input.' }],
  flags: {
    wait: { type: 'boolean', about: 'Wait up to a minute until the order is fulfilled or failed.' },
    ...CLIENT_FLAGS,
  },
  examples: [
    { line: 'mesh order place examples/order.json', does: 'Hand in the example' },
    {
      line: 'jq \'.orderNumber="EDX-7"\' examples/order.json | mesh order place - --wait',
      does: 'Change it on the way, and wait for the enrollment',
    },
  ],
  run: async (input, terminal) => (await import('../order/place.ts')).placeOrder(input, terminal),
}

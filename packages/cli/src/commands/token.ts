import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh token`. */
export const token: Command = {
  words: ['token'],
  summary: 'Make an API key for a caller, or an LMS-style token for trying things out',
  details: [
    'With NAME: an API key. A running mesh knows it at once; otherwise the lines for mesh.yaml are printed. The key is shown once and stored nowhere.',
    'With --staff or --learner: a token as the LMS issues it, signed with gateway.jwt.secret or, for `mesh up --demo`, with the secret in the data directory. Send it as `Authorization: JWT …`.',
    'Only the key or token goes to standard output.',
  ],
  args: [
    {
      name: 'NAME',
      about: 'Name of the caller: lower-case letters, digits, dots, dashes. It is written into its orders.',
      optional: true,
    },
  ],
  flags: {
    scope: {
      type: 'string',
      value: 'SCOPE',
      multiple: true,
      about:
        'orders:write, orders:read, events:write (publish what `producers` in mesh.yaml grants) or operate; may be repeated. Default: orders:write and orders:read.',
    },
    staff: { type: 'boolean', about: 'A token of the LMS user `staff`.' },
    learner: { type: 'boolean', about: 'A token of the LMS user `alice`, who is not staff.' },
    ...CLIENT_FLAGS,
  },
  examples: [
    { line: 'mesh token storefront', does: 'A key for a storefront' },
    { line: 'mesh token grafana --scope operate', does: 'A key that may see everything' },
    {
      line: 'mesh token example-shop --scope events:write',
      does: 'A key for a vendor that publishes events: POST /v1/events',
    },
    {
      line: 'curl -H "Authorization: JWT $(mesh token --staff)" …/titan/fulfill/',
      does: 'Call the compatibility endpoint of a demo',
    },
  ],
  run: async (input, terminal) => (await import('../token/token.ts')).makeToken(input, terminal),
}

import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh status`. */
export const status: Command = {
  words: ['status'],
  summary:
    'Show whether a mesh runs and is ready, and per service: breaker, lag, waiting orders; and dead letters',
  details: ['Exit code 0 when it is ready, 1 when it runs and is not, 3 when none runs.'],
  flags: { json: { type: 'boolean', about: 'Print JSON.' }, ...CLIENT_FLAGS },
  examples: [
    { line: 'mesh status', does: 'The mesh on ./.mesh' },
    { line: 'mesh status --url http://127.0.0.1:8080', does: 'Another one' },
  ],
  run: async (input, terminal) => (await import('../status/status.ts')).showStatus(input, terminal),
}

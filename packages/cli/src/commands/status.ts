import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh status`. */
export const status: Command = {
  words: ['status'],
  summary:
    'Show whether a mesh runs and is ready, and per service: breaker, lag, waiting orders; and dead letters',
  details: [
    'Asks a running mesh or, where none was found and mesh.yaml names Kafka or MongoDB, the engines: they know lag, waiting orders and dead letters, not who runs.',
    'Exit code 0 when it is ready or the engines answered, 1 when it runs and is not ready, 3 when nothing answers.',
  ],
  flags: { json: { type: 'boolean', about: 'Print JSON.' }, ...CLIENT_FLAGS },
  examples: [
    { line: 'mesh status', does: 'The mesh on ./.mesh' },
    { line: 'mesh status --url http://127.0.0.1:8080', does: 'Another one' },
    {
      line: 'mesh status --config mesh.yaml',
      does: 'What the engines of a mesh say, from any machine that reaches them',
    },
  ],
  run: async (input, terminal) => (await import('../status/status.ts')).showStatus(input, terminal),
}

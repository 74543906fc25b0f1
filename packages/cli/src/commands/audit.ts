import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

/** `mesh audit`. */
export const audit: Command = {
  words: ['audit'],
  summary: 'Account for every record: accepted = done + suppressed + dead + waiting + in flight',
  details: [
    'Looks at each record in the log. Drift is what is missing from the sum, and must be 0. Exit code 1 on drift. Works also while no mesh runs.',
  ],
  flags: { json: { type: 'boolean', about: 'Print the report as JSON.' }, ...CLIENT_FLAGS },
  examples: [{ line: 'mesh audit', does: 'Is anything lost?' }],
  run: async (input, terminal) => (await import('../audit/audit.ts')).auditMesh(input, terminal),
}

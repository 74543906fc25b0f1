import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh validate`. */
export const validate: Command = {
  words: ['validate'],
  summary: 'Check the configuration without starting anything',
  details: [
    'Names file, line and column of everything that is wrong, and how to mend it. Exit code 1 when there is an error; warnings alone are 0.',
  ],
  flags: {
    config: PLACE_FLAGS.config,
    json: { type: 'boolean', about: 'Print the findings as JSON.' },
    schema: { type: 'boolean', about: 'Print the JSON Schema of mesh.yaml instead, for editors.' },
  },
  examples: [
    { line: 'mesh validate', does: 'Check ./mesh.yaml' },
    { line: 'mesh validate --config deploy/mesh.yaml', does: 'Check another file, in CI for example' },
  ],
  run: async (input, terminal) => (await import('../config/validate.ts')).validateConfig(input, terminal),
}

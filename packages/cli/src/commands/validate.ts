import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh validate`. */
export const validate: Command = {
  words: ['validate'],
  summary: 'Check configuration, routes, plugins and who emits what, without starting anything',
  details: [
    'Names file, line and column of everything that is wrong, and how to mend it. Exit code 1 when there is an error; warnings alone are 0.',
    'Plugins are loaded for what they declare; nothing of them is started. A start refuses the same errors in the same words.',
  ],
  flags: {
    config: PLACE_FLAGS.config,
    format: {
      type: 'string',
      value: 'FORMAT',
      about: 'text (default), json, github (workflow commands) or sarif (code scanning).',
    },
    json: { type: 'boolean', about: 'The same as --format json.' },
    schema: { type: 'boolean', about: 'Print the JSON Schema of mesh.yaml instead, for editors.' },
  },
  examples: [
    { line: 'mesh validate', does: 'Check ./mesh.yaml' },
    { line: 'mesh validate --config deploy/mesh.yaml', does: 'Check another file' },
    { line: 'mesh validate --format github', does: 'In a GitHub workflow: findings appear beside the lines' },
  ],
  run: async (input, terminal) => (await import('../config/validate.ts')).validateConfig(input, terminal),
}

import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh contracts check`. */
export const contractsCheck: Command = {
  words: ['contracts', 'check'],
  summary: 'Say what a change of a contract breaks: which readers, which routes, which stored events',
  details: [
    'Compares today’s contracts with published ones and says of each change whether new readers take old events and old readers take new ones, whom it breaks, and what to do. Every stored event is read by today’s contracts. Nothing is started.',
    'Against a commit it also says what of the published files themselves was changed or removed since.',
    'Exit code 1 when there is an error; warnings alone are 0.',
  ],
  flags: {
    against: {
      type: 'string',
      value: 'REF|DIR',
      about:
        'A branch, tag or commit of this repository, or a folder that `mesh contracts publish` wrote. Default: packages/contracts/published.',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      about: 'text (default), json or github (workflow commands).',
    },
    json: { type: 'boolean', about: 'The same as --format json.' },
    config: PLACE_FLAGS.config,
  },
  examples: [
    { line: 'mesh contracts check', does: 'After a change of a contract: whom does it break?' },
    { line: 'mesh contracts check --against origin/main --format github', does: 'In a pull request' },
    {
      line: 'mesh contracts check --against vendor/contracts --config mesh.yaml',
      does: 'Against what somebody else relies on, with the contracts of plugins',
    },
  ],
  run: async (input, terminal) => (await import('../contracts/check/run.ts')).checkPublished(input, terminal),
}

/** `mesh contracts publish`. */
export const contractsPublish: Command = {
  words: ['contracts', 'publish'],
  summary: 'Write schemas and stored events that contracts are held to from now on',
  details: [
    'Writes TYPE/schema.json and TYPE/examples/ for each contract. What is published is added to and never taken back: a schema that old events would no longer be valid by is refused, with every change, and nothing is written (exit code 1); stored events stay as they are.',
  ],
  flags: {
    to: {
      type: 'string',
      value: 'DIR',
      about:
        'Folder to write to, with the contracts of plugins. Default: packages/contracts/published, with our own alone.',
    },
    config: PLACE_FLAGS.config,
  },
  examples: [
    { line: 'mesh contracts publish', does: 'After a new contract, or a change that breaks nobody' },
    {
      line: 'mesh contracts publish --to vendor/contracts --config mesh.yaml',
      does: 'A plugin’s contracts too',
    },
  ],
  run: async (input, terminal) =>
    (await import('../contracts/publish/publish.ts')).publishContracts(input, terminal),
}

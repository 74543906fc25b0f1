import type { Command } from '../command/command.ts'
import { CLIENT_FLAGS } from '../command/flags.ts'

const ID = { name: 'ID', about: 'Id of a dead letter, as `mesh dead list` shows it.' } as const

const JSON_FLAG = { type: 'boolean', about: 'Print JSON.' } as const

const load = () => import('../dead-letter/operate.ts')

/** `mesh dead list`. */
export const deadList: Command = {
  words: ['dead', 'list'],
  summary: 'List records that were set aside for a person',
  details: [
    'Classes: contract (breaks its schema), poison (can’t be decoded), permanent (the other side says no), exhausted (the retry time ran out).',
  ],
  flags: {
    class: { type: 'string', value: 'CLASS', about: 'Only contract, poison, permanent or exhausted.' },
    service: { type: 'string', value: 'NAME', about: 'Only of this service.' },
    order: { type: 'string', value: 'NUMBER', about: 'Only of this order.' },
    status: { type: 'string', value: 'STATUS', about: 'open (default), redriven or discarded.' },
    limit: { type: 'string', value: 'N', about: 'At most this many, 1 to 1000. Default 100.' },
    json: JSON_FLAG,
    ...CLIENT_FLAGS,
  },
  examples: [
    { line: 'mesh dead list', does: 'What waits for a person' },
    {
      line: 'mesh dead list --class exhausted --service fulfillment',
      does: 'Orders whose retry time ran out at the LMS',
    },
  ],
  run: async (input, terminal) => (await load()).listLetters(input, terminal),
}

/** `mesh dead show`. */
export const deadShow: Command = {
  words: ['dead', 'show'],
  summary: 'Explain one dead letter: what happened, what it means, what to do',
  details: ['Personal fields of the record are hidden unless you ask for them.'],
  args: [ID],
  flags: {
    personal: { type: 'boolean', about: 'Show personal fields and undecodable bytes.' },
    json: JSON_FLAG,
    ...CLIENT_FLAGS,
  },
  examples: [{ line: 'mesh dead show dl-4f1c2b0e-…', does: 'Read one' }],
  run: async (input, terminal) => (await load()).showLetter(input, terminal),
}

/** `mesh dead redrive`. */
export const deadRedrive: Command = {
  words: ['dead', 'redrive'],
  summary: 'Put a dead record back in front of its handler, once its cause is mended',
  details: [
    'It goes behind what waits for the same order. Safe even if its effect happened after all: the handler looks first.',
  ],
  args: [ID],
  flags: CLIENT_FLAGS,
  examples: [{ line: 'mesh dead redrive dl-4f1c2b0e-…', does: 'Try it again' }],
  run: async (input, terminal) => (await load()).redriveLetter(input, terminal),
}

/** `mesh dead discard`. */
export const deadDiscard: Command = {
  words: ['dead', 'discard'],
  summary: 'Close a dead letter for good, with the reason',
  args: [ID],
  flags: {
    reason: {
      type: 'string',
      value: 'TEXT',
      about: 'Why; kept with the dead letter. No personal data. Needed.',
    },
    ...CLIENT_FLAGS,
  },
  examples: [
    {
      line: 'mesh dead discard dl-4f1c2b0e-… --reason "refunded by hand, ticket 812"',
      does: 'Settled elsewhere',
    },
  ],
  run: async (input, terminal) => (await load()).discardLetter(input, terminal),
}

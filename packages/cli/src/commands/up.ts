import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'
import { ENGINE_FLAGS } from '../engines/choose.ts'

/** `mesh up`. */
export const up: Command = {
  words: ['up'],
  summary: 'Run the whole mesh in this process, until Ctrl-C',
  details: [
    'Needs an LMS: in mesh.yaml (services.fulfillment.lms), or by --lms, or the sandbox of --demo. Without clientId and clientSecret in mesh.yaml, --lms takes those of the sandbox LMS.',
    'The first start makes an operator key in the data directory, which the other commands find by themselves.',
    'A stop lets running work finish (graceMs); killing it at any moment loses nothing.',
  ],
  flags: {
    ...PLACE_FLAGS,
    port: {
      type: 'string',
      value: 'PORT',
      about: 'Port of the gateway; 0 takes a free one. Default: PORT, mesh.yaml, or 8080.',
    },
    lms: { type: 'string', value: 'URL', about: 'Address of the LMS, over that of mesh.yaml.' },
    ...ENGINE_FLAGS,
    demo: { type: 'boolean', about: 'Start a sandbox LMS too and place three sample orders.' },
    'lms-port': { type: 'string', value: 'PORT', about: 'Port of the sandbox LMS of --demo. Default 8081.' },
  },
  examples: [
    { line: 'mesh up --demo', does: 'Try it: sandbox LMS, three orders, their way to the enrollment' },
    { line: 'mesh up --config mesh.yaml', does: 'Run it against a real LMS' },
    {
      line: 'mesh up --bus kafka --store mongodb --demo',
      does: 'All services in one process, on the real engines of MESH_KAFKA and MESH_MONGODB',
    },
    {
      line: 'mesh up --lms http://127.0.0.1:8081 --port 9000',
      does: 'Against a sandbox LMS that runs apart',
    },
  ],
  run: async (input, terminal) => (await import('../up/up.ts')).up(input, terminal),
}

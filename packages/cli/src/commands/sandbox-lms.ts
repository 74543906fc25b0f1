import type { Command } from '../command/command.ts'

/** `mesh sandbox lms`. */
export const sandboxLms: Command = {
  words: ['sandbox', 'lms'],
  summary: 'Run the sandbox LMS as a process of its own, so that it outlives a killed mesh',
  details: [
    'It answers like the LMS: enrollment, accounts, OAuth2, course modes, throttling. Any `learner-7`, any address and any course of the org Load come into being when asked for.',
    'GET /_sandbox/effects shows what was enrolled, POST /_sandbox/faults makes it slow, down or throttling.',
  ],
  flags: {
    port: { type: 'string', value: 'PORT', about: 'Port; 0 takes a free one. Default 8081.' },
    host: {
      type: 'string',
      value: 'HOST',
      about:
        'Address to listen on; 0.0.0.0 in a container. Default 127.0.0.1. It has no secrets worth the name.',
    },
    journal: {
      type: 'string',
      value: 'FILE',
      about: 'Keep enrollments in this file, so that they survive a restart. Default: in memory only.',
    },
  },
  examples: [
    { line: 'mesh sandbox lms', does: 'In one terminal' },
    { line: 'mesh up --lms http://127.0.0.1:8081', does: 'In another: a mesh that uses it' },
    {
      line: `curl -X POST http://127.0.0.1:8081/_sandbox/faults -d '{"down":true}'`,
      does: 'Take it down, and watch orders wait',
    },
  ],
  run: async (input, terminal) => (await import('../sandbox/run.ts')).runSandboxLms(input, terminal),
}

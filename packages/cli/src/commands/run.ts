import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

/** `mesh run`. */
export const run: Command = {
  words: ['run'],
  summary: 'Run one service in this process, on Kafka and MongoDB, until it is stopped',
  details: [
    'Start it as often as you like: replicas share the partitions of their topics. More replicas than partitions stand by.',
    'Only the section of this service is read from mesh.yaml, so that the secrets of the others need not be here.',
    'A service without an edge answers /healthz, /readyz and /metrics on status.host and status.port; the gateway on its own port.',
    'A stop (SIGTERM) lets running work finish (graceMs); killing it at any moment loses nothing.',
  ],
  args: [{ name: 'SERVICE', about: 'gateway, payments or fulfillment.' }],
  flags: {
    config: PLACE_FLAGS.config,
    port: {
      type: 'string',
      value: 'PORT',
      about:
        'Port of the gateway, or of the status server of another service, over mesh.yaml; 0 takes a free one.',
    },
  },
  examples: [
    { line: 'mesh run fulfillment --config mesh.yaml', does: 'One replica of fulfillment' },
    { line: 'mesh run gateway --config mesh.yaml --port 8080', does: 'The public edge' },
  ],
  run: async (input, terminal) => (await import('../service/run.ts')).runService(input, terminal),
}

import type { Command } from '../command/command.ts'
import { PLACE_FLAGS } from '../command/flags.ts'

const FLAGS = {
  json: { type: 'boolean', about: 'Print the plan as JSON.' },
  config: PLACE_FLAGS.config,
} as const

const load = () => import('../topics/topics.ts')

/** `mesh topics plan`. */
export const topicsPlan: Command = {
  words: ['topics', 'plan'],
  summary: 'Compare the topics of the Kafka cluster with what the services need; changes nothing',
  details: [
    'Looks at partitions, replication factor, min.insync.replicas, retention, cleanup policy and unclean leader election of every topic that a service reads or writes.',
    'Exit code 1 where something is to be done.',
  ],
  flags: FLAGS,
  examples: [{ line: 'mesh topics plan --config mesh.yaml', does: 'What would be made or changed, and why' }],
  run: async (input, terminal) => (await load()).planTopics(input, terminal),
}

/** `mesh topics apply`. */
export const topicsApply: Command = {
  words: ['topics', 'apply'],
  summary: 'Make what `mesh topics plan` says is missing',
  details: [
    'Partitions are added and never taken away; other settings of a topic stay as they are. What only a person can do (more replicas) is said and left.',
    'More partitions move keys to other partitions: apply it while nothing lags.',
  ],
  flags: FLAGS,
  examples: [
    { line: 'mesh topics apply --config mesh.yaml', does: 'Before the first start, with rights to create' },
  ],
  run: async (input, terminal) => (await load()).applyTopics(input, terminal),
}

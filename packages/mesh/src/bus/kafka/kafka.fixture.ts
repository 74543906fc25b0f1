import { type Logger, pino } from 'pino'
import type { KafkaSettings } from '../../config/schema.ts'

/** Settings as the configuration gives them, for a broker that may not be there. */
export const kafkaSettings = (changes: Partial<KafkaSettings> = {}): KafkaSettings => ({
  bootstrapServers: '127.0.0.1:9092',
  clientId: 'test',
  topicPrefix: '',
  replicationFactor: 3,
  minInsyncReplicas: 2,
  createTopics: true,
  sessionTimeoutMs: 6_000,
  requestTimeoutMs: 1_000,
  ...changes,
})

/** A line of a log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string }

/** A log that can be read. */
export const recordingLog = (level = 'trace'): { readonly log: Logger; readonly lines: LogLine[] } => {
  const lines: LogLine[] = []
  const log = pino(
    { level, base: null },
    { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) },
  )
  return { log, lines }
}

/** A log that nobody reads. */
export const silentLog = (): Logger => pino({ level: 'silent' })

import type { logCreator } from 'kafkajs'
import type { Logger } from 'pino'

/** What may go into our log of what kafkajs tells: names and counts, never a payload or a credential. */
const TOLD = [
  'broker',
  'groupId',
  'memberId',
  'topic',
  'partition',
  'retryCount',
  'retryTime',
  'error',
] as const

const INFO = 4

/**
 * Passes what kafkajs logs on to pino, at `debug` and below: it calls every reconnect an error, several times a second
 * while a broker is away. The mesh tells that once, in its own words.
 */
export const kafkaLog =
  (log: Logger): logCreator =>
  () =>
  (entry) => {
    const level = entry.level > INFO ? 'trace' : 'debug'
    if (!log.isLevelEnabled(level)) return
    const told: Record<string, unknown> = { from: `kafkajs/${entry.namespace}` }
    for (const name of TOLD) {
      const value: unknown = entry.log[name]
      if (typeof value === 'string' || typeof value === 'number') told[name] = value
    }
    log[level](told, entry.log.message)
  }

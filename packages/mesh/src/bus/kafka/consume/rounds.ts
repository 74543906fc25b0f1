import type { Logger } from 'pino'
import { backoffMs } from '../../../retry/backoff.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { isRefusedLogin, kafkaWords } from '../failure.ts'
import { createAlarm } from './alarm.ts'
import { type Refusal, refusalIn } from './coordinator.ts'

/** Rounds of sharing: each from this member's introduction to its share. */
export type Rounds = {
  /** Another one is needed; if one is under way, after that. */
  want(): void
  /** Whether one is wanted or under way. */
  pending(): boolean
  /** The one that is under way. */
  running(): Promise<void> | undefined
  stop(): void
}

/** Longest pause between two tries while the brokers are away. */
const MOST_MS = 1_000

const IDLE_MS = 60_000

/** Pauses after a refusal that only people can mend. */
const HOPELESS_MS = 5_000

/** Kafka's words for what does not pass by itself. */
const HOPELESS = new Set<Refusal>([
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'INVALID_GROUP_ID',
  'GROUP_AUTHORIZATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_MAX_SIZE_REACHED',
])

/** A change of members or of the coordinator is over long before. */
const TOLD_AFTER_MS = 10_000

const pauseAfter = (thrown: unknown, refusal: Refusal, failures: number): number => {
  if (HOPELESS.has(refusal) || isRefusedLogin(thrown)) return HOPELESS_MS
  // Members come and go: the next try is what the group waits for.
  if (refusal !== undefined && failures === 1) return 0
  return backoffMs({ ...BETWEEN_TRIES, maxMs: MOST_MS }, failures, Math.random())
}

/**
 * Begins with a round, and tries each one until it comes through, however long the brokers are away.
 *
 * @param now - milliseconds, only going forward.
 */
export const startRounds = (
  take: () => Promise<void>,
  log: Logger,
  now: () => number = () => performance.now(),
): Rounds => {
  const alarm = createAlarm()
  let wanted = true
  let running: Promise<void> | undefined
  let troubled = false
  let failingSince: number | undefined
  let stopped = false

  /** Once in an outage, and nothing of what belongs to every change of members, unless it goes on and on. */
  const tell = (thrown: unknown, refusal: Refusal) => {
    const reason = kafkaWords(thrown)
    log.debug({ reason }, 'could not join the consumer group')
    failingSince ??= now()
    const isLong = now() - failingSince >= TOLD_AFTER_MS
    const passing = refusal !== undefined && !HOPELESS.has(refusal) && !isLong
    if (troubled || passing || stopped) return
    troubled = true
    log.warn({ reason }, 'can’t join the consumer group; trying on')
  }

  const once = async () => {
    wanted = false
    running = take()
    try {
      await running
      if (troubled && !stopped) log.info('joined the consumer group again')
      troubled = false
      failingSince = undefined
    } finally {
      running = undefined
    }
  }

  const keepGoing = async () => {
    for (let failures = 0; !stopped;) {
      if (!wanted) {
        await alarm.wait(IDLE_MS)
        continue
      }
      try {
        await once()
        failures = 0
      } catch (thrown) {
        wanted = true
        const refusal = refusalIn(thrown)
        tell(thrown, refusal)
        await alarm.wait(pauseAfter(thrown, refusal, ++failures))
      }
    }
  }
  // Whoever starts rounds may still be at making what they work with.
  queueMicrotask(() => void keepGoing())

  return {
    want: () => {
      wanted = true
      alarm.ring()
    },
    pending: () => wanted || running !== undefined,
    running: () => running,
    stop: () => {
      stopped = true
      alarm.ring()
    },
  }
}

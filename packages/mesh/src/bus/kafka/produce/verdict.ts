import { errorName } from '../wire/internals.ts'

/** What a broker's answer about one partition of a produce request means for the records sent there. */
export type Verdict =
  | { readonly kind: 'written' }
  /** May pass: the same records are sent again. `mayBeWritten`: they may be in the log all the same. */
  | { readonly kind: 'again'; readonly words: string; readonly mayBeWritten: boolean }
  /** Too large together: fewer of them, or alone. */
  | { readonly kind: 'smaller'; readonly words: string }
  /** Will never be taken. `denied`: nothing else of this user's would be either. */
  | { readonly kind: 'never'; readonly words: string; readonly denied: boolean }

/** What the frequent refusals mean, for who does not know Kafka's names by heart. */
const MEANINGS: Readonly<Record<string, string>> = {
  NOT_ENOUGH_REPLICAS: 'fewer replicas are in sync than min.insync.replicas demands',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'fewer replicas are in sync than min.insync.replicas demands',
  REQUEST_TIMED_OUT: 'the replicas did not confirm in time',
  NOT_LEADER_FOR_PARTITION: 'the partition is moving to another broker',
  LEADER_NOT_AVAILABLE: 'the partition has no leader',
  UNKNOWN_TOPIC_OR_PARTITION: 'the topic does not exist; `mesh topics apply` makes it',
  TOPIC_AUTHORIZATION_FAILED: 'this user may not write to the topic',
  CLUSTER_AUTHORIZATION_FAILED: 'this user may not write to the cluster',
  MESSAGE_TOO_LARGE: 'the record is larger than the topic takes (max.message.bytes)',
  RECORD_LIST_TOO_LARGE: 'the record is larger than the topic takes (max.message.bytes)',
}

/** What an error of Kafka's means, with its name. */
export const meaningOf = (name: string): string =>
  MEANINGS[name] === undefined ? name : `${MEANINGS[name]} (${name})`

const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']

const FINAL = [
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_REQUIRED_ACKS',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'POLICY_VIOLATION',
  'INVALID_RECORD',
]

/** The leader has written them; the replicas have not, or not yet. */
const UNSURE = ['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'UNKNOWN', 'KAFKA_STORAGE_ERROR']

/**
 * Judges one partition's part of an answer. Codes that nobody knows are tried again: the deadline ends that.
 *
 * @param errorCode - undefined: the answer does not speak of the partition, so nothing may count as written.
 */
export const verdictOf = (errorCode: number | undefined): Verdict => {
  if (errorCode === undefined)
    return { kind: 'again', words: 'the broker’s answer left the partition out', mayBeWritten: true }
  if (errorCode === 0) return { kind: 'written' }
  const name = errorName(errorCode)
  const words = meaningOf(name)
  if (TOO_LARGE.includes(name)) return { kind: 'smaller', words }
  if (!FINAL.includes(name)) return { kind: 'again', words, mayBeWritten: UNSURE.includes(name) }
  return { kind: 'never', words, denied: name.endsWith('AUTHORIZATION_FAILED') }
}

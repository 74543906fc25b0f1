import type { KnownTopics } from '../topics/known-topics.ts'

/** Makes tries of an attempt: before each one but the first the brokers are asked again who leads what. */
export const afresh = <T>(
  topics: Pick<KnownTopics, 'refresh'>,
  attempt: () => Promise<T>,
): (() => Promise<T>) => {
  let tries = 0
  return async () => {
    if (tries++ > 0) await topics.refresh().catch(() => {})
    return attempt()
  }
}

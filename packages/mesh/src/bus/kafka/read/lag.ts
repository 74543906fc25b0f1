import type { Lag, TopicPartition } from '../../bus.ts'
import { topicError } from '../topics/topic-error.ts'
import { END, START } from '../consume/log-requests.ts'
import { type ReadParts, committedOffsets, edgeOffsets } from './offsets.ts'

/** Where a group stands on one partition; without a commit it will begin at the start. */
export const lagOf = (
  place: TopicPartition,
  start: number,
  committed: number | undefined,
  end: number,
): Lag => ({ ...place, start, committed: Math.max(committed ?? start, start), end })

/**
 * Position of a group on each partition of topics that exist. One try.
 *
 * @throws Error where anything of it can't be told: whoever audits must not take a part for the whole.
 */
export const readLag = async (parts: ReadParts, group: string, topics: readonly string[]): Promise<Lag[]> => {
  for (const topic of topics) {
    const fault = parts.topics.faultOf(topic)
    if (parts.topics.partitionsOf(topic) === undefined && fault !== undefined)
      throw topicError(parts.client.name(topic), fault)
  }
  const places = topics.flatMap((topic) =>
    Array.from({ length: parts.topics.partitionsOf(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  )
  if (places.length === 0) return []
  // The start can't move past the committed offset in between if it is asked first.
  const starts = await edgeOffsets(parts, places, START)
  const committed = await committedOffsets(parts, group, places)
  const ends = await edgeOffsets(parts, places, END)
  return places.map((place) => {
    const name = `${place.topic}/${place.partition}`
    const start = starts.get(name) ?? 0
    return lagOf(place, start, committed.get(name), ends.get(name) ?? start)
  })
}

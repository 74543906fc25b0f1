import type { BusRecord, TopicPartition } from '../../bus.ts'
import { type Fetched, START, createLogRequests } from '../consume/log-requests.ts'
import { toBusRecord, visible } from '../consume/record.ts'
import { meaningToRead } from '../refusals.ts'
import { type ReadParts, edgeOffsets, leaderOf } from './offsets.ts'

/** Most bytes of one fetch. The broker gives more where a single record is larger. */
const FETCH_BYTES = 1_048_576

const fetch = async (parts: ReadParts, place: TopicPartition, offset: number): Promise<Fetched> => {
  const wanted = { ...place, offset, maxBytes: FETCH_BYTES }
  const answers = await createLogRequests(parts.client, parts.nodes).fetch(
    leaderOf(parts, place),
    [wanted],
    0,
  )
  const [fetched] = answers
  if (fetched === undefined) throw new Error(`${place.topic}/${place.partition}: an empty answer`)
  return fetched
}

/**
 * Reads records of one partition from `offset`, at most `limit`, without a group and without leaving a trace on the
 * broker. What retention has deleted is skipped. One try.
 */
export const readRecords = async (
  parts: ReadParts,
  place: TopicPartition,
  offset: number,
  limit: number,
): Promise<BusRecord[]> => {
  const records: BusRecord[] = []
  let position = offset
  while (records.length < limit) {
    const { refusal, messages, aborted } = await fetch(parts, place, position)
    if (refusal === 'OFFSET_OUT_OF_RANGE') {
      const starts = await edgeOffsets(parts, [place], START)
      const start = starts.get(`${place.topic}/${place.partition}`) ?? 0
      if (position >= start) break
      position = start
      continue
    }
    if (refusal !== undefined) throw new Error(`${place.topic}/${place.partition}: ${meaningToRead(refusal)}`)
    const last = messages.at(-1)
    if (last === undefined || Number(last.offset) < position) break
    for (const message of visible(messages, aborted, position)) {
      if (records.length < limit) records.push(toBusRecord(place, message))
    }
    position = Number(last.offset) + 1
  }
  return records
}

import type { BusRecord, TopicPartition } from '../../bus.ts'
import { type AbortedTransaction, type FetchedMessage, toBusRecord, visible } from '../consume/record.ts'
import { errorName } from '../wire/internals.ts'
import { READ_COMMITTED, type ReadParts, START, edgeOffsets, leaderOf } from './offsets.ts'

/** Most bytes of one fetch. The broker gives more where a single record is larger. */
const FETCH_BYTES = 1_048_576

type Fetched = {
  readonly errorCode: number
  readonly messages: readonly FetchedMessage[]
  readonly abortedTransactions?: readonly AbortedTransaction[] | null
}

type FetchAnswer = { readonly responses: readonly { readonly partitions: readonly Fetched[] }[] }

const fetch = async ({ client, nodes, topics }: ReadParts, place: TopicPartition, offset: number) => {
  const node = leaderOf(topics, place)
  const asked = { partition: place.partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }
  const request = {
    replicaId: -1,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: 0,
    minBytes: 0,
    maxBytes: FETCH_BYTES,
    topics: [{ topic: client.name(place.topic), partitions: [asked] }],
  }
  const { responses } = (await nodes.send(node, 'Fetch', request)) as FetchAnswer
  const fetched = responses[0]?.partitions[0]
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
    const { errorCode, messages, abortedTransactions } = await fetch(parts, place, position)
    if (errorName(errorCode) === 'OFFSET_OUT_OF_RANGE') {
      const starts = await edgeOffsets(parts, [place], START)
      const start = starts.get(`${place.topic}/${place.partition}`) ?? 0
      if (position >= start) break
      position = start
      continue
    }
    if (errorCode !== 0) throw new Error(`${place.topic}/${place.partition}: ${errorName(errorCode)}`)
    const last = messages.at(-1)
    if (last === undefined || Number(last.offset) < position) break
    for (const message of visible(messages, abortedTransactions ?? [], position)) {
      if (records.length < limit) records.push(toBusRecord(place, message))
    }
    position = Number(last.offset) + 1
  }
  return records
}

import kafkajs from 'kafkajs'
import type { TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import type { GroupMember, Share } from './share.ts'

// kafkajs is CommonJS; most of it comes with the default import only.
const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

/** Name of our way of sharing. Members agree on it by this name, so what is written below may only be added to. */
export const PROTOCOL = 'commerce-mesh-cooperative'

const VERSION = 0

/** What a member says of itself when it joins. */
export type Introduction = Omit<GroupMember, 'id'> & {
  /** Partitions of its topics as it knows them: the leader may never have heard of some. */
  readonly counts: ReadonlyMap<string, number>
}

/** A member as it has introduced itself. */
export type Introduced = GroupMember & Introduction

type Names = Pick<KafkaClient, 'name' | 'plain'>

const byTopic = (places: readonly TopicPartition[], { name }: Names): Record<string, number[]> =>
  Object.fromEntries(
    [...Map.groupBy(places, ({ topic }) => topic)].map(([topic, ofTopic]) => [
      name(topic),
      ofTopic.map(({ partition }) => partition),
    ]),
  )

const asPlaces = (topics: Readonly<Record<string, readonly number[]>>, { plain }: Names): TopicPartition[] =>
  Object.entries(topics).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic: plain(topic), partition })),
  )

type Notes = {
  readonly owned?: Readonly<Record<string, readonly number[]>>
  readonly awaited?: Readonly<Record<string, readonly number[]>>
  readonly counts?: Readonly<Record<string, number>>
  readonly generation?: number
  readonly leaving?: boolean
  readonly unsettled?: boolean
}

const write = (notes: Notes): Buffer => Buffer.from(JSON.stringify(notes))

/** Nothing where a member wrote something else: it may be of another release, and the group must go on. */
const read = (bytes: Buffer | null): Notes => {
  try {
    return JSON.parse(bytes?.toString() || '{}') as Notes
  } catch {
    return {}
  }
}

/** A member's introduction: Kafka's own subscription, with what it holds as the part that is left to us. */
export const encodeIntroduction = (
  { topics, owned, awaited, counts, generation, leaving }: Introduction,
  names: Names,
): Buffer =>
  MemberMetadata.encode({
    version: VERSION,
    topics: topics.map(names.name),
    userData: write({
      owned: byTopic(owned, names),
      awaited: byTopic(awaited, names),
      counts: Object.fromEntries([...counts].map(([topic, count]) => [names.name(topic), count])),
      generation,
      leaving,
    }),
  })

/** Reads an introduction; one that can't be read is that of a member without topics, which gets nothing. */
export const decodeIntroduction = (id: string, bytes: Buffer, names: Names): Introduced => {
  try {
    const { topics, userData } = MemberMetadata.decode(bytes) ?? { topics: [], userData: null }
    const { owned = {}, awaited = {}, counts = {}, generation = -1, leaving = false } = read(userData)
    return {
      id,
      topics: topics.map(names.plain),
      owned: asPlaces(owned, names),
      awaited: asPlaces(awaited, names),
      counts: new Map(Object.entries(counts).map(([topic, count]) => [names.plain(topic), count])),
      generation,
      leaving,
    }
  } catch {
    return { id, topics: [], owned: [], awaited: [], counts: new Map(), generation: -1, leaving: false }
  }
}

/** A share as Kafka's own tools can read it. */
export const encodeShare = ({ places, awaited, unsettled }: Share, names: Names): Buffer =>
  MemberAssignment.encode({
    version: VERSION,
    assignment: byTopic(places, names),
    userData: write({ awaited: byTopic(awaited, names), unsettled }),
  })

/** Reads a share; the coordinator hands out an empty one where the leader gave none. */
export const decodeShare = (bytes: Buffer, names: Names): Share => {
  const decoded = bytes.length === 0 ? null : MemberAssignment.decode(bytes)
  if (decoded === null) return { places: [], awaited: [], unsettled: false }
  const { awaited = {}, unsettled = false } = read(decoded.userData)
  return { places: asPlaces(decoded.assignment, names), awaited: asPlaces(awaited, names), unsettled }
}

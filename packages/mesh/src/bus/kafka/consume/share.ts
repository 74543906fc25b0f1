import type { TopicPartition } from '../../bus.ts'
import { placeName } from '../../partition.ts'

/** A member of the group, as the leader sees it when partitions are shared out. */
export type GroupMember = {
  readonly id: string
  readonly topics: readonly string[]
  /** What it holds now, also what it is giving back and has not let go yet. */
  readonly owned: readonly TopicPartition[]
  /** What it was promised and waits for. */
  readonly awaited: readonly TopicPartition[]
  /** The generation in which it was given that; -1: none. */
  readonly generation: number
  /** On its way out: takes nothing new. */
  readonly leaving: boolean
}

/** What a member is given. */
export type Share = {
  readonly places: readonly TopicPartition[]
  /** What it will be given as soon as their owners have let go. */
  readonly awaited: readonly TopicPartition[]
  /** Somebody waits for something; there will be another round. */
  readonly unsettled: boolean
}

type Piles = { readonly places: TopicPartition[]; readonly awaited: TopicPartition[] }

/** Partitions of one number that go to one member together. */
type Bundle = {
  readonly partition: number
  readonly topics: readonly string[]
  readonly eligible: readonly string[]
}

/** Topics with the same subscribers, those of the most subscribers first. */
const topicGroups = (members: readonly GroupMember[]) => {
  const groups = new Map<string, { topics: string[]; eligible: string[] }>()
  for (const topic of [...new Set(members.flatMap(({ topics }) => topics))].toSorted()) {
    const eligible = members.filter(({ topics }) => topics.includes(topic)).map(({ id }) => id)
    const name = eligible.join()
    const group = groups.get(name) ?? { topics: [], eligible }
    group.topics.push(topic)
    groups.set(name, group)
  }
  return [...groups.values()].toSorted((a, b) => b.eligible.length - a.eligible.length)
}

/** Bundles of one group of topics, the heaviest first, so that the light ones can even out what is left. */
const bundlesOf = (
  { topics, eligible }: { topics: readonly string[]; eligible: readonly string[] },
  partitionsOf: (topic: string) => number,
): Bundle[][] => {
  const count = Math.max(0, ...topics.map(partitionsOf))
  const bundles = Array.from({ length: count }, (_, partition) => ({
    partition,
    topics: topics.filter((topic) => partitionsOf(topic) > partition),
    eligible,
  }))
  const byWeight = Map.groupBy(bundles, (bundle) => bundle.topics.length)
  return [...byWeight].toSorted(([a], [b]) => b - a).map(([, alike]) => alike)
}

/** By place, who says so. Where two do, the younger generation is right. */
const byPlace = (members: readonly GroupMember[], what: 'owned' | 'awaited'): Map<string, string> => {
  const found = new Map<string, string>()
  for (const member of members.toSorted((a, b) => a.generation - b.generation))
    for (const place of member[what]) found.set(placeName(place), member.id)
  return found
}

/** The eligible member that most of a bundle belongs to. */
const holderOf = (bundle: Bundle, held: ReadonlyMap<string, string>): string | undefined => {
  const counts = new Map<string, number>()
  for (const topic of bundle.topics) {
    const id = held.get(placeName({ topic, partition: bundle.partition }))
    if (id !== undefined && bundle.eligible.includes(id)) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0]
}

/**
 * Deals out bundles of one weight: everybody ends up as even as can be, and keeps what it holds as far as that allows.
 *
 * @param load - partitions of each member so far; is added to.
 */
const deal = (
  bundles: readonly Bundle[],
  load: Map<string, number>,
  held: ReadonlyMap<string, string>,
): Map<Bundle, string> => {
  const [first] = bundles
  if (first === undefined) return new Map()
  const weight = first.topics.length
  const holding = new Map(bundles.map((bundle) => [bundle, holderOf(bundle, held)]))
  const wish = new Map<string, number>()
  for (const id of holding.values()) if (id !== undefined) wish.set(id, (wish.get(id) ?? 0) + 1)

  const quota = new Map<string, number>()
  const left = (id: string) => quota.get(id) ?? 0
  const unmet = (id: string) => (wish.get(id) ?? 0) - left(id)
  for (let dealt = 0; dealt < bundles.length; dealt++) {
    const next = first.eligible.reduce((best, id) => {
      const difference = (load.get(id) ?? 0) - (load.get(best) ?? 0)
      return difference < 0 || (difference === 0 && unmet(id) > unmet(best)) ? id : best
    })
    quota.set(next, left(next) + 1)
    load.set(next, (load.get(next) ?? 0) + weight)
  }

  const owners = new Map<Bundle, string>()
  const give = (bundle: Bundle, id: string) => {
    owners.set(bundle, id)
    quota.set(id, left(id) - 1)
  }
  for (const [bundle, id] of holding) if (id !== undefined && left(id) > 0) give(bundle, id)
  for (const bundle of bundles) {
    if (owners.has(bundle)) continue
    give(
      bundle,
      first.eligible.reduce((best, id) => (left(id) > left(best) ? id : best)),
    )
  }
  return owners
}

/** Who should own which partition, whoever owns it now. */
const targets = (
  members: readonly GroupMember[],
  partitionsOf: (topic: string) => number,
  held: ReadonlyMap<string, string>,
): { place: TopicPartition; id: string }[] => {
  const load = new Map<string, number>()
  const ownerOfNumber = new Map<number, string>()
  const found: { place: TopicPartition; id: string }[] = []
  for (const alike of topicGroups(members).flatMap((group) => bundlesOf(group, partitionsOf))) {
    // While members differ in their topics, a number goes where it already is rather than to whoever has least.
    const bound = new Map(
      alike.flatMap((bundle) => {
        const id = ownerOfNumber.get(bundle.partition)
        return id !== undefined && bundle.eligible.includes(id) ? [[bundle, id] as const] : []
      }),
    )
    for (const [{ topics }, id] of bound) load.set(id, (load.get(id) ?? 0) + topics.length)
    const free = alike.filter((bundle) => !bound.has(bundle))
    for (const [{ partition, topics }, id] of [...bound, ...deal(free, load, held)]) {
      if (!ownerOfNumber.has(partition)) ownerOfNumber.set(partition, id)
      for (const topic of topics) found.push({ place: { topic, partition }, id })
    }
  }
  return found
}

/**
 * Shares out partitions: the same number of every topic to the same member as far as members and topics are alike (so
 * that one key stays with one member), evenly, with as few moves as that takes, and with the same result on any member.
 * A partition that has to move goes to nobody in this round: first its owner must let go. Promises of a round bind the
 * next one, or members that differ in their topics could push partitions to and fro without an end.
 *
 * @param partitionsOf - partitions of a topic, 0 where it does not exist.
 */
export const share = (
  members: readonly GroupMember[],
  partitionsOf: (topic: string) => number,
): ReadonlyMap<string, Share> => {
  const staying = members.filter(({ leaving }) => !leaving).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const owned = byPlace(members, 'owned')
  const belonging = new Map([...owned, ...byPlace(staying, 'awaited')])
  const given = new Map(members.map(({ id }) => [id, { places: [], awaited: [] } as Piles]))
  for (const { place, id } of targets(staying, partitionsOf, belonging)) {
    const free = (owned.get(placeName(place)) ?? id) === id
    given.get(id)?.[free ? 'places' : 'awaited'].push(place)
  }
  const unsettled = [...given.values()].some(({ awaited }) => awaited.length > 0)
  return new Map([...given].map(([id, piles]) => [id, { ...piles, unsettled }]))
}

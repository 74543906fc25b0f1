import { topicFaults } from './faults.ts'
import { type TopicAsItIs, type WantedTopic, configsOf } from './wanted.ts'

/** One line of a plan: one property of one topic. */
export type TopicDetail = {
  /** `partitions`, `replication factor`, or a configuration of Kafka's by its name. */
  readonly what: string
  /** What the cluster has; null: the topic is not there. */
  readonly has: string | null
  readonly wants: string
  /** What applying the plan does about it, for people. */
  readonly does: string
  /** The same for programs; `none`: nothing, either because all is well or because a person must. */
  readonly step: 'create' | 'add' | 'set' | 'none'
}

/** What happens to one topic. `manual`: nothing, and a person must do something. */
export type TopicAction = 'create' | 'add-partitions' | 'alter' | 'manual' | 'none'

/** One topic of a plan. */
export type TopicChange = {
  /** The topic's name in the cluster, with the prefix. */
  readonly topic: string
  readonly action: TopicAction
  readonly details: readonly TopicDetail[]
}

/** What must be done so that the cluster's topics are as the settings want them. */
export type TopicPlan = readonly TopicChange[]

const creation = (topic: string, wanted: WantedTopic): TopicChange => {
  const properties = {
    partitions: String(wanted.partitions),
    'replication factor': String(wanted.replicationFactor),
    ...configsOf(wanted),
  }
  const details = Object.entries(properties).map(([what, wants]): TopicDetail => ({
    what,
    has: null,
    wants,
    does: 'made with it',
    step: 'create',
  }))
  return { topic, action: 'create', details }
}

const partitionsLine = (has: number, wants: number): TopicDetail[] => {
  if (has === wants) return []
  const line = { what: 'partitions', has: String(has), wants: String(wants) }
  if (has > wants) return [{ ...line, does: 'left as is: Kafka takes no partitions away', step: 'none' }]
  const does =
    `adds ${wants - has}; most keys move to another partition, so events of one key that are not handled yet ` +
    `may be handled out of order: apply it while the services have no lag`
  return [{ ...line, does, step: 'add' }]
}

const BY_HAND =
  'by hand: kafka-reassign-partitions.sh with more replicas for each partition; the mesh can’t do it'

const replicationLine = (topic: TopicAsItIs, wanted: WantedTopic): TopicDetail[] => {
  const { replicationFactor: has } = topic
  const line = { what: 'replication factor', has: String(has), wants: String(wanted.replicationFactor) }
  if (has === wanted.replicationFactor) return []
  if (has > wanted.replicationFactor) return [{ ...line, does: 'left as is: more is safe', step: 'none' }]
  return [{ ...line, does: BY_HAND, step: 'none' }]
}

const configLines = (topic: TopicAsItIs, wanted: WantedTopic): TopicDetail[] =>
  topicFaults(topic, wanted)
    .filter(({ what }) => what !== 'replication factor')
    .map(({ what, has, needs, value, severity }): TopicDetail => {
      const line = { what, has, wants: value ?? needs }
      if (severity === 'warning')
        return { ...line, does: `left as is; better would be ${needs}`, step: 'none' }
      // More replicas in sync than there are would make the topic refuse everything.
      if (what === 'min.insync.replicas' && topic.replicationFactor < wanted.minInsyncReplicas)
        return { ...line, does: 'left as is until there are enough replicas; then plan again', step: 'none' }
      return { ...line, does: 'sets it', step: 'set' }
    })

const actionOf = (details: readonly TopicDetail[]): TopicAction => {
  if (details.some(({ step }) => step === 'add')) return 'add-partitions'
  if (details.some(({ step }) => step === 'set')) return 'alter'
  return details.some(({ does }) => does === BY_HAND) ? 'manual' : 'none'
}

/**
 * Plans one topic.
 *
 * @param topic - its name in the cluster.
 * @param asItIs - undefined: it does not exist.
 */
export const planTopic = (
  topic: string,
  wanted: WantedTopic,
  asItIs: TopicAsItIs | undefined,
): TopicChange => {
  if (asItIs === undefined) return creation(topic, wanted)
  const details = [
    ...partitionsLine(asItIs.partitions, wanted.partitions),
    ...replicationLine(asItIs, wanted),
    ...configLines(asItIs, wanted),
  ]
  return { topic, action: actionOf(details), details }
}

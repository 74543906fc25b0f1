import type { Logger } from 'pino'
import type { KafkaSettings } from '../../../config/schema.ts'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import type { SubscribeOptions, Subscription, TopicPartition } from '../../bus.ts'
import type { KafkaClient } from '../client.ts'
import { createKnownTopics } from '../topics/known-topics.ts'
import { createAddressBook } from '../wire/nodes.ts'
import { atMost } from './at-most.ts'
import { createCommitter } from './committer.ts'
import { createFetchLoop } from './fetch-loop.ts'
import { createGroupRequests } from './group-requests.ts'
import { createLink } from './link.ts'
import { createLogRequests } from './log-requests.ts'
import { createMembership } from './membership.ts'
import type { OwnedPartition } from './owned-partition.ts'
import { createOwnership } from './ownership.ts'
import { findPositions } from './positions.ts'
import { createStandstills } from './standstill.ts'

/** What a subscription gets from its bus. */
export type SubscribeParts = {
  readonly log: Logger
  /** How long a partition that is given back may finish what it handles, in milliseconds. */
  readonly rebalanceGraceMs: number
  /** Partitions of a topic as the bus knows it; undefined: it does not. */
  readonly partitionsOf: (topic: string) => number | undefined
}

/** A crash between two commits only means that finished records come again. */
const COMMIT_EVERY_MS = 50

/** Looks for partitions that were added. */
const RECOUNT_MS = 30_000

const LEAST_ANSWER_MS = 1_000

/** How long closing waits for the brokers, besides its grace. */
const LEAVE_MS = 2_000

/**
 * Subscribes to topics as a member of a consumer group. The member keeps trying for as long as it takes when the
 * brokers are away; nothing of that ends the subscription.
 *
 * @returns when the first share of partitions is known, or after `sessionTimeoutMs` while the brokers don't answer.
 */
export const kafkaSubscribe = async (
  client: KafkaClient,
  settings: KafkaSettings,
  options: SubscribeOptions,
  parts: SubscribeParts,
): Promise<Subscription> => {
  const { group, topics, concurrency, handle } = options
  const { sessionTimeoutMs, requestTimeoutMs } = settings
  const log = parts.log.child({ group })
  const addresses = createAddressBook()
  const link = (answerMs: number) => createLink(client, { answerMs, addresses })
  // A heartbeat that gets no answer must leave time for others before the session is over.
  const answerMs = Math.min(requestTimeoutMs, Math.max(LEAST_ANSWER_MS, sessionTimeoutMs / 3))
  // A broker answers one connection's requests one after the other, and a commit waits for replicas.
  const beating = link(answerMs)
  const talking = link(answerMs)
  const joining = link(requestTimeoutMs)
  const fetching = link(requestTimeoutMs)
  const view = { group, topics, sessionTimeoutMs, rebalanceTimeoutMs: Math.max(10_000, sessionTimeoutMs * 2) }
  const requests = {
    ...createGroupRequests(client, talking.nodes, view),
    heartbeat: createGroupRequests(client, beating.nodes, view).heartbeat,
  }
  // A broker holds back what comes after a fetch on the same connection, so only fetches go there.
  const logs = {
    fetch: createLogRequests(client, fetching.nodes).fetch,
    earliest: createLogRequests(client, talking.nodes).earliest,
  }
  const known = createKnownTopics(client, talking.nodes)
  const { leaderOf, faultOf } = known
  const standstills = createStandstills(log)
  let counted = new Map<string, number>()
  let closing: Promise<void> | undefined

  const count = (topic: string) => known.partitionsOf(topic) ?? parts.partitionsOf(topic) ?? 0

  const refresh = () => known.follow(topics)

  const dispatcher = createKeyDispatcher(options.limit ?? (() => concurrency), () => {})

  const committer = createCommitter({
    collect: () => ownership.news(),
    send: (commits) => membership.commit(commits),
    onCommitted: (commit) => ownership.committed(commit),
    everyMs: COMMIT_EVERY_MS,
  })

  const locate = (partitions: readonly OwnedPartition[]) =>
    void findPositions(partitions, {
      group: requests,
      log: logs,
      leaderOf,
      refresh,
      standstills,
      onFound: () => fetches.poke(),
      logger: log,
    })

  const ownership = createOwnership({
    dispatcher,
    handle,
    // Enough to keep every place busy from one partition alone, little enough to hold no backlog in memory (promise 9).
    window: Math.max(concurrency * 2, 64),
    mayStart: () => membership.alive(),
    graceMs: parts.rebalanceGraceMs,
    committer,
    onTaken: locate,
    onRoom: () => fetches.room(),
    onReleased: () => membership.rejoin(),
    log,
  })

  const fetches = createFetchLoop({
    requests: logs,
    owned: ownership.held,
    leaderOf,
    faultOf,
    standstills,
    refresh,
    onRecords: ownership.fill,
    onOutOfRange: (partition, earliest) => {
      const from = partition.position()
      const renewed = ownership.renew(partition)
      if (renewed === undefined) return
      log.error(
        { ...partition.place, wanted: from, earliest },
        'records of this partition were deleted before they were handled (retention), or its topic was made anew',
      )
      renewed.start(earliest, undefined)
      fetches.poke()
    },
    log,
    lingerMs: options.lingerMs,
  })

  const membership = createMembership({
    group,
    topics,
    requests,
    joining: { ...createGroupRequests(client, joining.nodes, view), reset: joining.reset },
    sessionTimeoutMs,
    rebalanceTimeoutMs: view.rebalanceTimeoutMs,
    owned: () => ownership.held().map(({ place }) => place),
    onShare: (places) => {
      if (closing !== undefined) return
      counted = new Map(topics.map((topic) => [topic, count(topic)]))
      ownership.settle(places)
      fetches.poke()
    },
    onLost: (reason) => {
      const lost = ownership.held().length
      ownership.loseAll()
      if (lost > 0) log.warn({ partitions: lost, reason }, 'gave up all partitions until the group answers')
    },
    count,
    refresh,
    log,
    now: () => performance.now(),
  })

  const recount = setInterval(() => {
    void refresh().then(
      () => {
        if (topics.some((topic) => count(topic) > (counted.get(topic) ?? Infinity))) membership.rejoin()
      },
      () => {},
    )
  }, RECOUNT_MS)

  const close = async (graceMs: number) => {
    clearInterval(recount)
    fetches.stop()
    membership.retire()
    await ownership.drainAll(graceMs)
    committer.stop()
    await atMost(LEAVE_MS, membership.leave())
    for (const { nodes } of [beating, talking, joining, fetching]) nodes.close()
  }

  void refresh().then(fetches.poke, () => {})
  await atMost(sessionTimeoutMs, membership.joined)

  return {
    isMember: membership.alive,
    hold: (place) => (membership.alive() ? ownership.hold(place) : undefined),
    assigned: () => (membership.alive() ? ownership.assigned() : []),
    owns: (place: TopicPartition) => membership.alive() && ownership.has(place),
    inFlight: () => dispatcher.size(),
    oldest: () => ownership.oldest(),
    close: (graceMs) => {
      closing ??= close(graceMs)
      return closing
    },
  }
}

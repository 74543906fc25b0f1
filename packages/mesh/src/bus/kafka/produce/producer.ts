import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import type { OutgoingRecord, TopicPartition } from '../../bus.ts'
import { partitionOf, placeName } from '../../partition.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { kafkaWords, unavailable } from '../failure.ts'
import type { KnownTopics } from '../topics/known-topics.ts'
import { wasSent } from '../wire/nodes.ts'
import { type ProducerLimits, createBacklog } from './backlog.ts'
import { type Lane, type Part, dropSettled, putBack, takeBatch } from './lane.ts'
import type { Send } from './send.ts'
import { type Ticket, openTicket } from './ticket.ts'
import { type Verdict, meaningOf, verdictOf } from './verdict.ts'

/** What a producer works with. */
export type ProducerParts = {
  readonly send: Send
  readonly topics: Pick<KnownTopics, 'partitionsOf' | 'leaderOf' | 'faultOf' | 'refresh'>
  readonly limits: ProducerLimits
  /** The brokers, for messages. */
  readonly servers: string
  /** Told after each request, and where none could be sent: undefined, or why nothing was written. */
  readonly onOutcome: (words: string | undefined) => void
}

/** Writes records; topics must be known before. */
export type Producer = {
  /** @throws MeshError MESH_BUS_UNAVAILABLE (rejects) */
  publish(records: readonly OutgoingRecord[]): Promise<TopicPartition[]>
  /** Takes nothing more, and waits until every caller was told; that takes one deadline at most. */
  close(): Promise<void>
}

/** What became of a request: whether there was an answer, and what it means for each part. */
type Delivery = {
  readonly answered: boolean
  readonly judged: readonly { readonly part: Part; readonly verdict: Verdict }[]
}

/** Whether an answer says nothing for the way to the broker being well. A record that is too large does. */
const isTrouble = (verdict: Verdict): boolean =>
  verdict.kind === 'again' || (verdict.kind === 'never' && verdict.denied)

const wordsOf = (verdict: Verdict | undefined): string | undefined =>
  verdict !== undefined && 'words' in verdict ? verdict.words : undefined

/** Longest that failed records wait for news of their leaders, in milliseconds. */
const LOOK_MS = 500

/**
 * A coalescing producer: whatever arrived while a broker's last request ran goes into its next one, so that many
 * callers share one write, and a lone caller waits for nobody. One request per broker and per partition at a time; what
 * failed goes first again, so records of one partition keep their order.
 */
export const createProducer = ({ send, topics, limits, servers, onOutcome }: ProducerParts): Producer => {
  const backlog = createBacklog(limits, servers)
  const { ready, forget } = backlog
  const busyNodes = new Set<number>()
  const tickets = new Set<Ticket>()
  // Whoever comes during a pause has some tries left after it.
  const pauses = { ...BETWEEN_TRIES, maxMs: Math.min(BETWEEN_TRIES.maxMs, limits.deadlineMs / 4) }
  let turn = 0
  let writtenAt = -Infinity
  let pumping = false
  let closed = false
  let emptied: (() => void) | undefined

  const pumpSoon = () => {
    if (pumping) return
    pumping = true
    // Callers that were all told by one answer come back within the same turn of the event loop.
    setImmediate(() => {
      pumping = false
      pump()
    })
  }

  const refreshTopics = () => void topics.refresh().then(pumpSoon, () => {})

  /** The records come again after a pause, unless their callers' time is over by then. */
  const postpone = (lane: Lane, words: string) => {
    lane.failures++
    lane.failingSince ??= performance.now()
    lane.words = words
    lane.resting = true
    setTimeout(
      () => {
        lane.resting = false
        pumpSoon()
      },
      backoffMs(pauses, lane.failures, Math.random()),
    ).unref()
  }

  const succeed = ({ lane, entries }: Part) => {
    lane.failures = 0
    lane.failingSince = undefined
    writtenAt = performance.now()
    forget(entries)
    for (const { ticket } of entries) ticket.done()
  }

  const refuse = ({ lane, entries }: Part, words: string) => {
    forget(entries)
    for (const { ticket } of entries) ticket.fail(`Kafka refuses an event for ${lane.place.topic}: ${words}.`)
  }

  /** Callers are told what is known of all their records, so all are marked before anybody is told. */
  const takeBack = ({ entries }: Part, verdict: Verdict) => {
    const mayBeWritten = verdict.kind === 'written' || (verdict.kind === 'again' && verdict.mayBeWritten)
    for (const { ticket } of entries) ticket.back(mayBeWritten)
  }

  const settle = (part: Part, verdict: Verdict) => {
    const { lane, entries } = part
    if (verdict.kind === 'written') succeed(part)
    else if (verdict.kind === 'never') refuse(part, verdict.words)
    else if (verdict.kind === 'smaller' && entries.length === 1) {
      lane.most = limits.batch.partBytes
      refuse(part, verdict.words)
    } else {
      forget(putBack(part))
      if (verdict.kind === 'smaller') lane.most = part.bytes / 2
      else postpone(lane, `${placeName(lane.place)}: ${verdict.words}`)
    }
    lane.busy = false
    if (lane.waiting.length > 0) ready.add(lane)
  }

  /** What became of each part of a request. One that failed as a whole may have been written all the same. */
  const deliver = async (node: number, parts: readonly Part[]): Promise<Delivery> => {
    const shipments = parts.map(({ lane, entries }) => ({
      place: lane.place,
      messages: entries.map(({ message }) => message),
    }))
    try {
      const codes = new Map(
        (await send(node, shipments)).map((answer) => [placeName(answer), answer.errorCode]),
      )
      const verdictFor = ({ lane }: Part) => verdictOf(codes.get(placeName(lane.place)))
      return { answered: true, judged: parts.map((part) => ({ part, verdict: verdictFor(part) })) }
    } catch (thrown) {
      const words = kafkaWords(thrown)
      const verdict: Verdict = { kind: 'again', words, mayBeWritten: wasSent(thrown) }
      return { answered: false, judged: parts.map((part) => ({ part, verdict })) }
    }
  }

  const ship = async (node: number, parts: readonly Part[]) => {
    busyNodes.add(node)
    for (const { lane, entries } of parts) {
      lane.busy = true
      ready.delete(lane)
      for (const { ticket } of entries) ticket.sent()
    }
    const { answered, judged } = await deliver(node, parts)
    for (const { part, verdict } of judged) takeBack(part, verdict)
    const failed = judged.filter(({ verdict }) => verdict.kind === 'again')
    for (const { part, verdict } of judged) if (verdict.kind !== 'again') settle(part, verdict)
    onOutcome(judged.every(({ verdict }) => isTrouble(verdict)) ? wordsOf(judged[0]?.verdict) : undefined)
    if (answered) busyNodes.delete(node)
    pumpSoon()
    if (failed.length === 0) return
    // A partition may have moved to another broker; and one that hangs is not asked again before we know.
    await Promise.race([topics.refresh().catch(() => {}), pause(LOOK_MS)])
    for (const { part, verdict } of failed) settle(part, verdict)
    if (!answered) busyNodes.delete(node)
    pumpSoon()
  }

  /** Node to ask for a lane now; undefined: not now. */
  const nodeFor = (lane: Lane): number | undefined => {
    if (lane.resting) return undefined
    const node = topics.leaderOf(lane.place)
    if (node === undefined) {
      const fault = topics.faultOf(lane.place.topic) ?? 'LEADER_NOT_AVAILABLE'
      const words = `${placeName(lane.place)}: ${meaningOf(fault)}`
      // No request fails where none can be sent. A leader that moves is back by the next try.
      if (writtenAt < (lane.failingSince ?? -Infinity)) onOutcome(words)
      postpone(lane, words)
      refreshTopics()
    }
    return node === undefined || busyNodes.has(node) ? undefined : node
  }

  const pump = () => {
    const perNode = new Map<number, Lane[]>()
    for (const lane of ready) {
      forget(dropSettled(lane))
      const node = lane.waiting.length > 0 ? nodeFor(lane) : undefined
      if (lane.waiting.length === 0) ready.delete(lane)
      if (node !== undefined) perNode.set(node, [...(perNode.get(node) ?? []), lane])
    }
    for (const [node, lanes] of perNode) {
      const { parts, dropped } = takeBatch(lanes, limits.batch)
      forget(dropped)
      if (parts.length > 0) void ship(node, parts)
    }
  }

  const choose = ({ topic, key }: OutgoingRecord): TopicPartition => {
    const count = topics.partitionsOf(topic)
    if (count === undefined) throw unavailable(`The topic ${topic} was never declared.`)
    return { topic, partition: key === null ? turn++ % count : partitionOf(key, count) }
  }

  const openFor = (lanes: readonly Lane[], records: number): Ticket => {
    const ticket = openTicket(records, {
      deadlineMs: limits.deadlineMs,
      why: () => lanes.find(({ failures }) => failures > 0)?.words ?? `no answer from ${servers}`,
      onEnd: () => {
        tickets.delete(ticket)
        if (tickets.size === 0) emptied?.()
      },
    })
    tickets.add(ticket)
    return ticket
  }

  return {
    publish: async (records) => {
      if (closed) throw unavailable('The bus is closed.')
      if (records.length === 0) return []
      const places = records.map(choose)
      const load = backlog.load(records, places)
      backlog.admit(load)
      const ticket = openFor(load.distinct, records.length)
      backlog.add(load, ticket)
      pumpSoon()
      try {
        await ticket.written
      } catch (thrown) {
        backlog.abandon(load)
        throw thrown
      }
      return places
    },
    close: async () => {
      closed = true
      if (tickets.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      emptied = resolve
      await promise
    },
  }
}

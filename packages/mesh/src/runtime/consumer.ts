import type { Logger } from 'pino'
import {
  type AggregateDocument,
  type HeldRecord,
  type Waiting,
  emptyDocument,
  remember,
} from '../aggregate/document.ts'
import { firstKnownAs, knownFate, mustWait, nextInLine, noRoom, parkBehind } from '../aggregate/park.ts'
import { relayOutbox } from '../aggregate/relay.ts'
import { type Attempt, settle } from '../aggregate/settle.ts'
import type { Bus, BusRecord, Hold, TopicPartition } from '../bus/bus.ts'
import { type Decoded, type DecodeRules, decode, release } from '../dispatch/decode.ts'
import type { MeshCode } from '../errors/catalogue.ts'
import { isMeshError } from '../errors/mesh-error.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { KeyLock } from '../flow/key-lock.ts'
import { Revoked } from '../service/call.ts'
import type { HandlerDeclaration } from '../service/handler.ts'
import { suppressed } from '../service/outcome.ts'
import type { Store, Stored } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { detached } from '../telemetry/active-span.ts'
import type { Processing, RecordTracing } from '../telemetry/record-tracing.ts'
import { demandSoundOutput } from './output-check.ts'
import { type Refused, codeOf, setAside } from './set-aside.ts'
import type { AttemptMaker } from './attempt.ts'

/** What a consumer works with. */
export type ConsumerParts<S> = {
  readonly service: string
  readonly initialState: () => S
  /** What records are held against, and which handler takes them. */
  readonly rules: DecodeRules<S>
  /** Types of the events that the service may emit. */
  readonly emits: ReadonlySet<string>
  /** Aborts when the service stops: nothing further is taken up. */
  readonly stopping: AbortSignal
  readonly store: Store
  readonly bus: Bus
  readonly metrics: Metrics
  readonly log: Logger
  readonly locks: KeyLock
  /** Whether what is done for this partition may be committed now (promise 7). */
  readonly owns: (place: TopicPartition) => boolean
  /** Begins the work on a key that waits; undefined: it is for somebody else to take up. */
  readonly hold: (waiting: Waiting) => Hold | undefined
  readonly attempt: AttemptMaker<S>
  readonly tracing: RecordTracing
  /** Something waits now, due at this time (ms). */
  readonly onWaiting: (dueAt: number) => void
}

/** The path of a record through a service: decode, inbox, waiting line, handler, commit, outbox. */
export type Consumer = {
  /** Handles a record from the bus. Rejects when nothing could be committed: then it must come again. */
  handle(record: BusRecord, signal: AbortSignal): Promise<void>
  /** Takes up the waiting line of a key, as far as it is due. */
  resume(key: string, signal: AbortSignal): Promise<void>
  /** Carries on an outbox that a crash or an outage left behind. */
  sweep(key: string): Promise<void>
}

type Understood<S> = Exclude<Decoded<S>, { refused: string }>

/** A document after an attempt, and the attempt as it counts. */
type Settled<S> = { readonly made: Attempt<S>; readonly document: AggregateDocument<S> }

const isJson = (value: unknown): boolean => {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
}

/** Why no store will ever keep what a handler decided; undefined: it may do so next time. */
const unkeepable = (thrown: unknown, state: unknown): string | undefined => {
  if (isMeshError(thrown, 'MESH_DOCUMENT_TOO_LARGE'))
    return `The handler’s decision can’t be kept: ${thrown.message}`
  return isJson(state) ? undefined : 'The handler decided on a state that is no JSON.'
}

/** Fates as they are counted. */
const COUNTED = {
  done: 'done',
  suppressed: 'suppressed',
  skipped: 'suppressed',
  dead: 'dead',
  waiting: 'retry',
} as const

/** Whether there is nothing left to do for a record. */
const isKnown = <S>({ body }: Stored<AggregateDocument<S>>, { event, skipped }: Understood<S>): boolean => {
  const known = knownFate(body, event.id)
  return known !== undefined && (known !== 'skipped' || skipped !== undefined)
}

/** Makes the consumer of a service. */
export const createConsumer = <S>(parts: ConsumerParts<S>): Consumer => {
  const { service, store, metrics, locks } = parts

  const load = async (key: string): Promise<Stored<AggregateDocument<S>>> =>
    (await store.get<AggregateDocument<S>>(service, key)) ?? {
      id: key,
      version: 0,
      body: emptyDocument(parts.initialState()),
    }

  const relay = (stored: Stored<AggregateDocument<S>>) => relayOutbox(parts, service, stored)

  /** Commits a document and carries its outbox out; undefined when somebody else was faster. */
  const commit = async (
    before: Stored<AggregateDocument<S>>,
    body: AggregateDocument<S>,
    place: TopicPartition,
  ) => {
    failpoint('aggregate.before-put')
    // Whoever was stopped for a minute has not heard yet that others took over. What passes here and is late on its
    // way to the store meets the version that the new owner has written meanwhile.
    if (!parts.owns(place)) throw new Revoked('The partition was revoked.')
    const version = await store.put(service, before.id, body, before.version)
    failpoint('aggregate.after-put')
    if (version === undefined) return undefined
    const dueAt = body.waiting?.dueAt
    // The line's timer serves everybody; what it starts belongs to no span of this record.
    if (dueAt !== undefined) detached(() => parts.onWaiting(dueAt))
    return relay({ id: before.id, version, body })
  }

  /** @param type - of the event as it came, which is the topic too. */
  const count = (type: string, outcome: string) =>
    metrics.count('mesh_records_total', { service, type, outcome })

  const settleAsFault = (
    document: AggregateDocument<S>,
    attempt: Attempt<S>,
    reason: string,
    code: MeshCode = 'MESH_HANDLER_OUTPUT',
  ): Settled<S> => {
    const made: Attempt<S> = { ...attempt, outcome: { outcome: 'dead', code, reason } }
    return { made, document: settle(document, made) }
  }

  /** A handler whose output breaks a contract changes nothing; its record becomes a dead letter. */
  const settleChecked = (
    document: AggregateDocument<S>,
    made: Attempt<S>,
    handler: HandlerDeclaration,
  ): Settled<S> => {
    try {
      demandSoundOutput(made, handler, parts.emits)
      return { made, document: settle(document, made) }
    } catch (thrown) {
      if (!isMeshError(thrown, 'MESH_HANDLER_OUTPUT', 'MESH_EVENT_LOOP')) throw thrown
      return settleAsFault(document, made, thrown.message, thrown.code)
    }
  }

  /** The document after an attempt, committed; a state that no store can keep is the handler's fault too. */
  const conclude = async (
    stored: Stored<AggregateDocument<S>>,
    made: Attempt<S>,
    handler: HandlerDeclaration,
  ) => {
    const settled = settleChecked(stored.body, made, handler)
    const place = made.record
    try {
      return { made: settled.made, after: await commit(stored, settled.document, place) }
    } catch (thrown) {
      const why = unkeepable(thrown, settled.document.state)
      if (why === undefined) throw thrown
      const fault = settleAsFault(stored.body, made, why)
      return { made: fault.made, after: await commit(stored, fault.document, place) }
    }
  }

  /** As it is committed, not as the handler said: its time may be over, or its output refused. */
  const countFate = (
    { body }: Stored<AggregateDocument<S>>,
    { event, key, handler, held }: Understood<S>,
    { outcome, attempt }: Attempt<S>,
    processing: Processing,
  ) => {
    const fate = COUNTED[knownFate(body, event.id) ?? 'waiting']
    count(held.topic, fate)
    const why = 'code' in outcome ? { code: outcome.code, reason: outcome.reason } : {}
    processing.note({ outcome: fate, attempt, ...why })
    if (fate !== 'dead') return
    parts.log.warn(
      { key, event: event.id, type: held.topic, handler: handler.name, attempt, ...why },
      'dead letter',
    )
  }

  const run = async (
    stored: Stored<AggregateDocument<S>>,
    record: Understood<S>,
    signal: AbortSignal,
    processing: Processing,
  ) => {
    failpoint('handler.before')
    const { skipped } = record
    const attempted =
      skipped === undefined
        ? await parts.attempt(stored.body, record, signal, processing)
        : parts.attempt.without(stored.body, record, suppressed(skipped), processing)
    failpoint('handler.after')
    return processing.run(async () => {
      const { made, after } = await conclude(stored, attempted, record.handler)
      if (after !== undefined) countFate(after, record, made, processing)
      return after
    })
  }

  /** Lines up behind what waits for the same key. */
  const lineUp = async (
    stored: Stored<AggregateDocument<S>>,
    record: Understood<S>,
    processing: Processing,
  ) => {
    const parked = parkBehind(stored.body, record.held)
    try {
      if (parked !== undefined) {
        const after = await commit(stored, parked, record.held)
        processing.note({ outcome: 'waiting' })
        return after
      }
    } catch (thrown) {
      // A state that is large already leaves less room than a line may have.
      if (!isMeshError(thrown, 'MESH_DOCUMENT_TOO_LARGE')) throw thrown
    }
    const refused = parts.attempt.without(stored.body, record, noRoom, processing)
    const after = await commit(stored, settle(stored.body, refused), record.held)
    if (after !== undefined) countFate(after, record, refused, processing)
    return after
  }

  const deliver = async (
    record: Understood<S>,
    signal: AbortSignal,
    processing: Processing,
  ): Promise<void> => {
    for (;;) {
      if (signal.aborted) throw new Revoked('The partition was revoked.')
      // What an earlier event left in the outbox goes out first: this one may have to wait long for the breaker.
      const stored = await relay(await load(record.key))
      if (isKnown(stored, record)) {
        count(record.held.topic, 'duplicate')
        processing.note({ outcome: 'duplicate' })
        return
      }
      // What nobody takes has no order to keep; in line it would pass for its other version, which somebody does take.
      const after =
        mustWait(stored.body) && record.skipped === undefined
          ? await lineUp(stored, record, processing)
          : await run(stored, record, signal, processing)
      if (after !== undefined) return
    }
  }

  const refuse = async (record: BusRecord, refused: Refused, processing: Processing, attempts = 1) => {
    await setAside(parts, record, refused, processing.span().traceparent, attempts)
    processing.note({ outcome: 'dead', code: codeOf(refused), reason: refused.reason })
  }

  /** Decodes again what waited: its contract may have changed since. */
  const takeUp = async (stored: Stored<AggregateDocument<S>>, held: HeldRecord, signal: AbortSignal) => {
    const decoded = decode(release(held), parts.rules)
    if (!('refused' in decoded)) {
      const trace = held.trace !== undefined && { trace: held.trace }
      const record = { ...decoded, held: { ...decoded.held, ...trace } }
      const before = { ...stored, body: firstKnownAs(stored.body, record.event.id) }
      return parts.tracing.process({ record: record.held, understood: record }, (processing) =>
        run(before, record, signal, processing),
      )
    }
    return parts.tracing.process({ record: held }, async (processing) => {
      const { waiting, ...rest } = stored.body
      const attempts = (waiting?.attempts ?? 0) + 1
      await refuse(release(held), decoded, processing, attempts)
      const next = nextInLine(waiting?.records.slice(1) ?? [], Date.now())
      const inbox = remember(rest.inbox, held.eventId, 'dead')
      return commit(stored, { ...rest, inbox, ...(next !== undefined && { waiting: next }) }, held)
    })
  }

  return {
    handle: async (record, signal) => {
      if (parts.stopping.aborted) throw new Revoked('The service stops.')
      const decoded = decode(record, parts.rules)
      if ('refused' in decoded) {
        await parts.tracing.process({ record }, (processing) => refuse(record, decoded, processing))
        count(record.topic, 'dead')
        const { topic, partition, offset } = record
        parts.log.warn(
          { topic, partition, offset, class: decoded.refused, reason: decoded.reason },
          'dead letter',
        )
        return
      }
      await locks.run(decoded.key, () =>
        parts.tracing.process({ record: decoded.held, understood: decoded }, (processing) =>
          deliver(decoded, signal, processing),
        ),
      )
    },
    resume: (key, signal) =>
      locks.run(key, async () => {
        for (;;) {
          const stored = await relay(await load(key))
          const { waiting } = stored.body
          const [first] = waiting?.records ?? []
          if (waiting === undefined || first === undefined || waiting.dueAt > Date.now()) return
          if (signal.aborted || parts.stopping.aborted) return
          // The line may hold records of several partitions, and partitions move while it is worked off.
          const hold = parts.hold(waiting)
          if (hold === undefined) return
          try {
            await takeUp(stored, first, AbortSignal.any([signal, hold.signal]))
          } finally {
            hold.release()
          }
        }
      }),
    sweep: async (key) => {
      // Whoever works on this key carries its outbox on; it may be held back for as long as the breaker is open.
      if (locks.busy(key)) return
      await locks.run(key, async () => void (await relay(await load(key))))
    },
  }
}

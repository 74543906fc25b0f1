import type { Logger } from 'pino'
import { type AggregateDocument, type HeldRecord, emptyDocument, remember } from '../aggregate/document.ts'
import { knownFate, mustWait, nextInLine, noRoom, parkBehind } from '../aggregate/park.ts'
import { relayOutbox } from '../aggregate/relay.ts'
import { type Attempt, settle } from '../aggregate/settle.ts'
import type { Bus, BusRecord } from '../bus/bus.ts'
import { type Decoded, decode, release } from '../dispatch/decode.ts'
import { MeshError, isMeshError } from '../errors/mesh-error.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { KeyLock } from '../flow/key-lock.ts'
import type { Handler } from '../service/handler.ts'
import { Revoked } from '../service/call.ts'
import type { Store, Stored } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { traceIdOf } from '../telemetry/traceparent.ts'
import { setAside } from './set-aside.ts'
import type { AttemptMaker } from './attempt.ts'

/** What a consumer works with. */
export type ConsumerParts<S> = {
  readonly service: string
  readonly initialState: () => S
  /** By topic. */
  readonly handlers: ReadonlyMap<string, Handler<S>>
  /** Types of the events that the service may emit. */
  readonly emits: ReadonlySet<string>
  /** Aborts when the service stops: nothing further is taken up. */
  readonly stopping: AbortSignal
  readonly store: Store
  readonly bus: Bus
  readonly metrics: Metrics
  readonly log: Logger
  readonly locks: KeyLock
  readonly attempt: AttemptMaker<S>
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

const isJson = (value: unknown): boolean => {
  try {
    JSON.stringify(value)
    return true
  } catch {
    return false
  }
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
  const commit = async (before: Stored<AggregateDocument<S>>, body: AggregateDocument<S>) => {
    failpoint('aggregate.before-put')
    const version = await store.put(service, before.id, body, before.version)
    failpoint('aggregate.after-put')
    if (version === undefined) return undefined
    if (body.waiting !== undefined) parts.onWaiting(body.waiting.dueAt)
    return relay({ id: before.id, version, body })
  }

  const count = (type: string, outcome: string) =>
    metrics.count('mesh_records_total', { service, type, outcome })

  const refuseUndeclared = ({ outcome, exhaustion }: Attempt<S>) => {
    const drafts = [...(outcome.events ?? []), ...(exhaustion?.events ?? [])]
    const stray = drafts.find(({ contract }) => !parts.emits.has(contract.type))
    if (stray === undefined) return
    // It has no topic: publishing it would fail for ever.
    throw new MeshError(
      'MESH_HANDLER_OUTPUT',
      `The handler emitted a ${stray.contract.type}, which its service does not declare in emits.`,
    )
  }

  const settleAsFault = (document: AggregateDocument<S>, made: Attempt<S>, reason: string) =>
    settle(document, { ...made, outcome: { outcome: 'dead', code: 'MESH_HANDLER_OUTPUT', reason } })

  /** A handler whose output breaks a contract changes nothing; its record becomes a dead letter. */
  const settleChecked = (document: AggregateDocument<S>, made: Attempt<S>): AggregateDocument<S> => {
    try {
      refuseUndeclared(made)
      return settle(document, made)
    } catch (thrown) {
      if (!isMeshError(thrown, 'MESH_HANDLER_OUTPUT')) throw thrown
      return settleAsFault(document, made, thrown.message)
    }
  }

  /** The document after an attempt, committed; a state that no store can keep is the handler's fault too. */
  const conclude = async (stored: Stored<AggregateDocument<S>>, made: Attempt<S>) => {
    const document = settleChecked(stored.body, made)
    try {
      return await commit(stored, document)
    } catch (thrown) {
      if (isJson(document.state)) throw thrown
      return commit(
        stored,
        settleAsFault(stored.body, made, 'The handler decided on a state that is no JSON.'),
      )
    }
  }

  /** As it is committed, not as the handler said: its time may be over, or its output refused. */
  const countFate = (
    { body }: Stored<AggregateDocument<S>>,
    { event, key, handler }: Understood<S>,
    made: Attempt<S>,
  ) => {
    const fate = knownFate(body, event.id) ?? 'retry'
    count(event.type, fate === 'waiting' ? 'retry' : fate)
    if (fate !== 'dead') return
    const { outcome, attempt } = made
    const why =
      'code' in outcome ? { code: outcome.code, reason: outcome.reason } : { code: 'MESH_HANDLER_OUTPUT' }
    const traceId = traceIdOf(made.traceparent)
    parts.log.warn(
      { key, event: event.id, type: event.type, handler: handler.name, attempt, ...why, traceId },
      'dead letter',
    )
  }

  const run = async (stored: Stored<AggregateDocument<S>>, record: Understood<S>, signal: AbortSignal) => {
    failpoint('handler.before')
    const made = await parts.attempt(stored.body, record, signal)
    failpoint('handler.after')
    const after = await conclude(stored, made)
    if (after !== undefined) countFate(after, record, made)
    return after
  }

  /** Lines up behind what waits for the same key. */
  const lineUp = async (stored: Stored<AggregateDocument<S>>, record: Understood<S>) => {
    const parked = parkBehind(stored.body, record.held)
    if (parked !== undefined) return commit(stored, parked)
    const refused = parts.attempt.without(record, noRoom)
    const after = await commit(stored, settle(stored.body, refused))
    if (after !== undefined) countFate(after, record, refused)
    return after
  }

  const deliver = async (record: Understood<S>, signal: AbortSignal): Promise<void> => {
    for (;;) {
      if (signal.aborted) throw new Revoked('The partition was revoked.')
      // What an earlier event left in the outbox goes out first: this one may have to wait long for the breaker.
      const stored = await relay(await load(record.key))
      if (knownFate(stored.body, record.event.id) !== undefined) {
        count(record.event.type, 'duplicate')
        return
      }
      const after = mustWait(stored.body) ? await lineUp(stored, record) : await run(stored, record, signal)
      if (after !== undefined) return
    }
  }

  /** Decodes again what waited: its contract may have changed since. */
  const takeUp = async (stored: Stored<AggregateDocument<S>>, held: HeldRecord, signal: AbortSignal) => {
    const record = decode(release(held), parts.handlers)
    if (!('refused' in record)) return run(stored, record, signal)
    const { waiting, ...rest } = stored.body
    await setAside(parts, release(held), record, (waiting?.attempts ?? 0) + 1)
    const next = nextInLine(waiting?.records.slice(1) ?? [], Date.now())
    const inbox = remember(rest.inbox, held.eventId, 'dead')
    return commit(stored, { ...rest, inbox, ...(next !== undefined && { waiting: next }) })
  }

  return {
    handle: async (record, signal) => {
      const decoded = decode(record, parts.handlers)
      if ('refused' in decoded) {
        await setAside(parts, record, decoded)
        count(record.topic, 'dead')
        const { topic, partition, offset } = record
        parts.log.warn(
          { topic, partition, offset, class: decoded.refused, reason: decoded.reason },
          'dead letter',
        )
        return
      }
      await locks.run(decoded.key, () => deliver(decoded, signal))
    },
    resume: (key, signal) =>
      locks.run(key, async () => {
        for (;;) {
          const stored = await relay(await load(key))
          const [first] = stored.body.waiting?.records ?? []
          const due = (stored.body.waiting?.dueAt ?? Infinity) <= Date.now()
          if (first === undefined || !due || signal.aborted || parts.stopping.aborted) return
          await takeUp(stored, first, signal)
        }
      }),
    sweep: async (key) => {
      // Whoever works on this key carries its outbox on; it may be held back for as long as the breaker is open.
      if (locks.busy(key)) return
      await locks.run(key, async () => void (await relay(await load(key))))
    },
  }
}

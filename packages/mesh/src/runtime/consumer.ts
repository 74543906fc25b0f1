import { type AggregateDocument, type HeldRecord, emptyDocument } from '../aggregate/document.ts'
import { knownFate, mustWait, noRoom, parkBehind } from '../aggregate/park.ts'
import { relayOutbox } from '../aggregate/relay.ts'
import { type Attempt, settle } from '../aggregate/settle.ts'
import type { Bus, BusRecord } from '../bus/bus.ts'
import { type Decoded, decode, release } from '../dispatch/decode.ts'
import { isMeshError } from '../errors/mesh-error.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { KeyLock } from '../flow/key-lock.ts'
import type { Handler } from '../service/handler.ts'
import { Revoked } from '../service/call.ts'
import type { Store, Stored } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { setAside } from './set-aside.ts'
import type { AttemptMaker } from './attempt.ts'

/** What a consumer works with. */
export type ConsumerParts<S> = {
  readonly service: string
  readonly initialState: () => S
  /** By topic. */
  readonly handlers: ReadonlyMap<string, Handler<S>>
  readonly store: Store
  readonly bus: Bus
  readonly metrics: Metrics
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

/** A handler whose output breaks a contract changes nothing; its record becomes a dead letter. */
const settleChecked = <S>(document: AggregateDocument<S>, made: Attempt<S>): AggregateDocument<S> => {
  try {
    return settle(document, made)
  } catch (thrown) {
    if (!isMeshError(thrown, 'MESH_HANDLER_OUTPUT')) throw thrown
    return settle(document, {
      ...made,
      outcome: { outcome: 'dead', code: thrown.code, reason: thrown.message },
    })
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

  const run = async (stored: Stored<AggregateDocument<S>>, record: Understood<S>, signal: AbortSignal) => {
    failpoint('handler.before')
    const made = await parts.attempt(stored.body, record, signal)
    failpoint('handler.after')
    const after = await commit(stored, settleChecked(stored.body, made))
    if (after !== undefined) count(record.event.type, made.outcome.outcome)
    return after
  }

  /** Lines up behind what waits for the same key. */
  const lineUp = async (stored: Stored<AggregateDocument<S>>, record: Understood<S>) => {
    const parked = parkBehind(stored.body, record.held)
    if (parked !== undefined) return commit(stored, parked)
    const refused = parts.attempt.without(record, noRoom)
    return commit(stored, settle(stored.body, refused))
  }

  const deliver = async (record: Understood<S>, signal: AbortSignal): Promise<void> => {
    for (;;) {
      if (signal.aborted) throw new Revoked('The partition was revoked.')
      const stored = await load(record.key)
      if (knownFate(stored.body, record.event.id) !== undefined) {
        count(record.event.type, 'duplicate')
        await relay(stored)
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
    await setAside(parts, release(held), record)
    const [, ...records] = stored.body.waiting?.records ?? []
    const { waiting, ...rest } = stored.body
    const body =
      waiting !== undefined && records.length > 0 ? { ...rest, waiting: { ...waiting, records } } : rest
    return commit(stored, { ...body, inbox: { ...body.inbox, [held.eventId]: 'dead' } })
  }

  return {
    handle: async (record, signal) => {
      const decoded = decode(record, parts.handlers)
      if ('refused' in decoded) {
        await setAside(parts, record, decoded)
        count(record.topic, 'dead')
        return
      }
      await locks.run(decoded.key, () => deliver(decoded, signal))
    },
    resume: (key, signal) =>
      locks.run(key, async () => {
        for (;;) {
          const stored = await load(key)
          const [first] = stored.body.waiting?.records ?? []
          if (first === undefined || signal.aborted || (stored.body.waiting?.dueAt ?? 0) > Date.now()) return
          await takeUp(stored, first, signal)
        }
      }),
    sweep: (key) =>
      locks.run(key, async () => {
        await relay(await load(key))
      }),
  }
}

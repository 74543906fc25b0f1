import type { Logger } from 'pino'
import type { AggregateDocument, HeldRecord } from '../aggregate/document.ts'
import type { Attempt } from '../aggregate/settle.ts'
import type { TopicPartition } from '../bus/bus.ts'
import type { Decoded } from '../dispatch/decode.ts'
import type { Slots } from '../flow/slots.ts'
import { type Backoff, backoffMs } from '../retry/backoff.ts'
import type { Breaker } from '../retry/breaker.ts'
import { createBlockWatch } from '../service/block-watch.ts'
import { Revoked, callHandler, isPromise } from '../service/call.ts'
import { frozen } from '../service/frozen.ts'
import type { HandlerContext } from '../service/handler.ts'
import { type Outcome, isOutcome } from '../service/outcome.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { epochMs } from '../telemetry/clock.ts'
import type { Processing } from '../telemetry/record-tracing.ts'
import type { Span } from '../telemetry/span.ts'
import { describeThrown } from '../errors/thrown.ts'

type Understood<S> = Exclude<Decoded<S>, { refused: string }>

/** Makes one attempt at a record: waits for the breaker and a free slot, calls the handler, reckons the next attempt. */
export type AttemptMaker<S> = {
  (
    document: AggregateDocument<S>,
    record: Understood<S>,
    signal: AbortSignal,
    processing: Processing,
  ): Promise<Attempt<S>>
  /** An attempt that asked no handler: the outcome is known. */
  without(
    document: AggregateDocument<S>,
    record: Understood<S>,
    outcome: Outcome<S>,
    processing: Processing,
  ): Attempt<S>
}

/** What attempts are made with. */
export type AttemptParts = {
  readonly service: string
  readonly journaled: boolean
  readonly retry: Backoff & { readonly windowHours: number }
  readonly deadlineMs: number
  readonly breaker: Breaker
  readonly slots: Slots
  readonly metrics: Metrics
  readonly log: Logger
  readonly now: () => number
  /** Milliseconds that never go back, for durations. Default: the process's own. */
  readonly clock?: () => number
  /** Whether the work for this partition is still ours. */
  readonly owns: (place: TopicPartition) => boolean
}

const failureOf = (outcome: Outcome<never> | Outcome<unknown>) =>
  'code' in outcome ? { code: outcome.code, reason: outcome.reason } : {}

const sealed = (kept: boolean) => kept && { sealedAt: epochMs() }

/** A redriven record whose trace began with this attempt: the next ones belong to it too. */
const tracedOn = (held: HeldRecord, traceparent: string): HeldRecord =>
  held.trace === undefined || held.trace.parent !== undefined
    ? held
    : { ...held, trace: { ...held.trace, parent: traceparent } }

/** Makes the attempts of a service. */
export const createAttempts = <S>(parts: AttemptParts): AttemptMaker<S> => {
  const { service, breaker, slots, metrics, now, clock = () => performance.now() } = parts
  const watch = createBlockWatch(parts.log, clock)

  const tell = (record: Understood<S>, thrown: unknown) =>
    parts.log.error(
      {
        code: 'MESH_HANDLER_THREW',
        key: record.key,
        handler: record.handler.name,
        event: record.event.id,
        err: describeThrown(thrown),
      },
      'handler threw',
    )

  const call = async (
    state: S,
    record: Understood<S>,
    attempt: number,
    signal: AbortSignal,
    { traceparent, kept }: Span,
  ) => {
    const startedAt = new Date(now())
    const started = clock()
    const { options } = record
    const context = {
      now: startedAt,
      attempt,
      traceparent,
      options,
      deadlineMs: parts.deadlineMs,
      parent: signal,
    }
    const log = (thrown: unknown) => tell(record, thrown)
    // A handler that changed what it is given, and then decided nothing, would have changed it all the same.
    const outcome = await callHandler(record.handler, frozen(record.event), frozen(state), {
      ...context,
      log,
      watch,
    })
    const durationMs = clock() - started
    metrics.observe('mesh_handle_seconds', { service, handler: record.handler.name }, durationMs / 1000)
    return { outcome, startedAt, durationMs, traceparent, ...sealed(kept), context }
  }

  /** Whether the breaker lets the outcome count. While it holds calls back, the same record waits and spends no attempt. */
  const counts = (outcome: Outcome<S>): boolean => {
    if (outcome.outcome === 'retry' && outcome.scope === 'dependency') {
      const { code, reason, afterMs } = outcome
      return !breaker.failure({ code, reason }, afterMs)
    }
    breaker.success()
    return true
  }

  const admitted = async (
    document: AggregateDocument<S>,
    record: Understood<S>,
    attempt: number,
    signal: AbortSignal,
    processing: Processing,
  ) => {
    // What was reached before the breaker held the record back is not asked for again.
    let { state } = document
    for (;;) {
      if (breaker.heldBack() !== undefined) processing.pause({ outcome: 'held-back' })
      if (!(await breaker.admit(signal))) throw new Revoked('The partition was revoked.')
      try {
        // It may have waited here for long, or been stopped: the next owner must not be called after.
        if (!parts.owns(record.held)) throw new Revoked('The partition was revoked.')
        const made = await processing.run(() => call(state, record, attempt, signal, processing.span()))
        state = made.outcome.state ?? state
        if (counts(made.outcome)) return { ...made, outcome: { ...made.outcome, state } }
        processing.pause({ ...failureOf(made.outcome), outcome: 'held-back', attempt })
      } catch (thrown) {
        breaker.release()
        throw thrown
      }
    }
  }

  const base = (
    record: Understood<S>,
    attempt: number,
    since: number,
    { traceparent }: Pick<Span, 'traceparent'>,
  ) => ({
    service,
    handler: record.handler.name,
    route: record.route,
    ...(record.skipped !== undefined && { skipped: true }),
    journaled: parts.journaled && record.handler.contract.journaled,
    record: tracedOn(record.held, traceparent),
    event: record.event,
    key: record.key,
    attempt,
    since,
  })

  /** What the handler leaves behind. Its record is exhausted also where it throws here, or it would come again for ever. */
  const lastWords = (record: Understood<S>, state: S, context: Omit<HandlerContext, 'signal'>) => {
    try {
      const aborted = { ...context, signal: AbortSignal.abort() } as HandlerContext<never>
      const left = record.handler.exhausted?.(record.event as never, frozen(state), aborted)
      if (left === undefined) return undefined
      // A copy, which is what is checked: only that is sure to stay as it was seen.
      const copy = { ...left }
      // Nobody waits for it, and where it fails unheard it would end the process.
      if (isPromise<object>(left)) Promise.resolve(left).catch((thrown: unknown) => tell(record, thrown))
      else if (isOutcome({ ...copy, outcome: 'done' })) return copy
      throw new TypeError('The handler left something behind that is no decision.')
    } catch (thrown) {
      tell(record, thrown)
      return undefined
    }
  }

  /** Where this record is the one that waits for its next attempt: what is known of those before. */
  const lineOf = ({ waiting }: AggregateDocument<S>, { event }: Understood<S>) =>
    waiting?.records[0]?.eventId === event.id ? waiting : undefined

  const make = async (
    document: AggregateDocument<S>,
    record: Understood<S>,
    signal: AbortSignal,
    processing: Processing,
  ): Promise<Attempt<S>> => {
    const known = lineOf(document, record)
    const attempt = (known?.attempts ?? 0) + 1
    // Its place is kept until the breaker knows the outcome: whoever gets it next must not call a dependency that is down.
    const { context, ...made } = await slots.run(() =>
      admitted(document, record, attempt, signal, processing),
    )
    const since = known === undefined || known.attempts === 0 ? made.startedAt.getTime() : known.since
    const whole = { ...base(record, attempt, since, made), ...made }
    if (made.outcome.outcome !== 'retry') return whole
    const end = made.startedAt.getTime() + made.durationMs
    const wait = Math.max(backoffMs(parts.retry, attempt, Math.random()), made.outcome.afterMs ?? 0)
    const nextAttemptAt = Math.round(end + wait)
    if (nextAttemptAt - since <= parts.retry.windowHours * 3_600_000) return { ...whole, nextAttemptAt }
    const exhaustion = lastWords(record, made.outcome.state ?? document.state, context)
    return { ...whole, ...(exhaustion !== undefined && { exhaustion }) }
  }

  const without = (
    document: AggregateDocument<S>,
    record: Understood<S>,
    outcome: Outcome<S>,
    processing: Processing,
  ): Attempt<S> => {
    const { traceparent, kept } = processing.span()
    const attempt = (lineOf(document, record)?.attempts ?? 0) + 1
    return {
      ...base(record, attempt, now(), { traceparent }),
      startedAt: new Date(now()),
      durationMs: 0,
      traceparent,
      ...sealed(kept),
      outcome,
    }
  }

  return Object.assign(make, { without })
}

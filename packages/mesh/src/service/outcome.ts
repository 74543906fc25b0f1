import type { DataOf, EventContract } from '@commerce-mesh/contracts'

/** An event that a handler wants emitted. The runtime adds id, source, time and trace context. */
export type Draft<D = unknown> = { readonly contract: EventContract<D>; readonly data: D }

/**
 * What a handler decided.
 *
 * - `done`: the event is dealt with; state and events are committed together.
 * - `suppressed`: nothing to do, with the reason.
 * - `retry`: transient, not over yet. `scope` tells whether this record alone is troubled or the whole other side.
 * - `dead`: a person must look.
 */
export type Outcome<S> =
  | (Decision<S> & { readonly outcome: 'done'; readonly reason?: string })
  | (Decision<S> & { readonly outcome: 'suppressed'; readonly reason: string })
  | (Decision<S> &
      Failure & {
        readonly outcome: 'retry'
        /** Milliseconds that the other side asked us to wait (`Retry-After`); a lower bound for the back-off. */
        readonly afterMs?: number
        /** `dependency`: the other side as a whole is down or throttling; feeds the breaker and spends no attempts once that is open. */
        readonly scope: 'record' | 'dependency'
      })
  | (Decision<S> & Failure & { readonly outcome: 'dead' })

const isFailure = ({ code, reason }: Record<string, unknown>) =>
  typeof code === 'string' && typeof reason === 'string'

const isPatience = ({ afterMs }: Record<string, unknown>) =>
  afterMs === undefined || (Number.isFinite(afterMs) && (afterMs as number) >= 0)

const isDraft = (draft: unknown) =>
  typeof (draft as { contract?: { type?: unknown } } | null | undefined)?.contract?.type === 'string'

const areDrafts = ({ events }: Record<string, unknown>) =>
  events === undefined || (Array.isArray(events) && events.every(isDraft))

/** What is said of a handler whose answer is no outcome. */
export const NO_OUTCOME = 'the handler answered with nothing, or with something that is no outcome'

/** Whether a handler's answer is an outcome: plugins may be written in JavaScript. */
export const isOutcome = (answer: unknown): answer is Outcome<never> => {
  if (typeof answer !== 'object' || answer === null) return false
  const fields = answer as Record<string, unknown>
  if (!areDrafts(fields)) return false
  switch (fields['outcome']) {
    case 'done':
      return true
    case 'suppressed':
      return typeof fields['reason'] === 'string'
    case 'retry':
      return isFailure(fields) && isPatience(fields)
    case 'dead':
      return isFailure(fields)
    default:
      return false
  }
}

type Decision<S> = {
  /** The aggregate's next state; left out, it stays as it was. */
  readonly state?: S
  readonly events?: readonly Draft[]
  /** State of each order line, for the journal: `{ '1': 'granted' }`. No personal data. */
  readonly lines?: Readonly<Record<string, string>>
}

type Failure = {
  /** A MESH_* code from the catalogue. */
  readonly code: string
  /** What happened, for the operator. No personal data. */
  readonly reason: string
}

/** The event to emit when a decision is committed. */
export const emit = <C extends EventContract>(contract: C, data: DataOf<C>): Draft<DataOf<C>> => ({
  contract: contract as unknown as EventContract<DataOf<C>>,
  data,
})

/** Outcome `done`: commit `state` and `events` together. */
export const done = <S>(
  state: S,
  events: readonly Draft[] = [],
  more: { reason?: string; lines?: Readonly<Record<string, string>> } = {},
): Outcome<S> => ({ outcome: 'done', state, events, ...more })

/** Outcome `suppressed`: nothing to do, and why. */
export const suppressed = <S>(reason: string, more: Decision<S> = {}): Outcome<S> => ({
  outcome: 'suppressed',
  reason,
  ...more,
})

/** Outcome `retry`: try again later. */
export const retry = <S>(
  failure: Failure & { afterMs?: number; scope?: 'record' | 'dependency' },
  decision: Decision<S> = {},
): Outcome<S> => ({ outcome: 'retry', scope: 'record', ...failure, ...decision })

/** Outcome `dead`: a person must look; the record becomes a dead letter of class `permanent`. */
export const dead = <S>(failure: Failure, decision: Decision<S> = {}): Outcome<S> => ({
  outcome: 'dead',
  ...failure,
  ...decision,
})

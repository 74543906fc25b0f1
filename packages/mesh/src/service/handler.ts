import type { CloudEvent, DataOf, EventContract } from '@commerce-mesh/contracts'
import type { Draft, Outcome } from './outcome.ts'

/** What a handler may know besides event and state. */
export type HandlerContext = {
  /** When this attempt started. The only clock of a handler. */
  readonly now: Date
  /** 1 for the first. */
  readonly attempt: number
  /** Aborts at the attempt's deadline and at shutdown: pass it to every call. */
  readonly signal: AbortSignal
  /** W3C traceparent of this attempt, to be sent along with outbound calls. */
  readonly traceparent: string
}

/** What an event that ran out of time leaves behind. */
export type Exhaustion<S> = {
  readonly state?: S
  readonly events?: readonly Draft[]
  readonly lines?: Readonly<Record<string, string>>
}

/** A function (event, state) -> outcome for one event type; the only place where business decisions are taken. */
export type Handler<S = unknown> = {
  /** Unique within the service, e.g. `grant-on-order-placed`. Shown in the journal. */
  readonly name: string
  readonly contract: EventContract
  handle(event: CloudEvent<never>, state: S, context: HandlerContext): Promise<Outcome<S>> | Outcome<S>
  /** Called when the retry time has run out, before the record becomes a dead letter of class `exhausted`. */
  exhausted?(event: CloudEvent<never>, state: S, context: HandlerContext): Exhaustion<S>
}

/**
 * Declares a handler for one event contract.
 *
 * @example
 * on(orderPlaced, 'grant-on-order-placed', (event, state, { now }) => done({ ...state, seen: now }))
 */
export const on = <S, C extends EventContract>(
  contract: C,
  name: string,
  handle: (
    event: CloudEvent<DataOf<C>>,
    state: S,
    context: HandlerContext,
  ) => Promise<Outcome<S>> | Outcome<S>,
  exhausted?: (event: CloudEvent<DataOf<C>>, state: S, context: HandlerContext) => Exhaustion<S>,
): Handler<S> => ({ name, contract, handle, ...(exhausted && { exhausted }) })

import type { CloudEvent, DataOf, EventContract } from '@commerce-mesh/contracts'
import type { z } from 'zod'
import type { Condition } from '../routes/condition.ts'
import type { Draft, Outcome } from './outcome.ts'

/** What a handler may know besides event and state. */
export type HandlerContext<O = unknown> = {
  /** When this attempt started. The only clock of a handler. */
  readonly now: Date
  /** 1 for the first. */
  readonly attempt: number
  /** Aborts at the attempt's deadline and at shutdown: pass it to every call. */
  readonly signal: AbortSignal
  /** W3C traceparent of this attempt, to be sent along with outbound calls. */
  readonly traceparent: string
  /** The options of the route that brought the event, checked by the handler's own schema. */
  readonly options: O
}

/** What an event that ran out of time leaves behind. */
export type Exhaustion<S> = {
  readonly state?: S
  readonly events?: readonly Draft[]
  readonly lines?: Readonly<Record<string, string>>
}

/** What is known of a handler without starting anything: what the graph, the checks and `mesh explain` read. */
export type HandlerDeclaration<O = unknown> = {
  /** Unique within the service, e.g. `grant-on-order-placed`. Shown in the journal; routes name it. */
  readonly name: string
  /** What it takes: this version, and those that are upcast to it. */
  readonly contract: EventContract
  /** What it may emit; left out: all that its service emits. Anything else is refused. */
  readonly emits?: readonly EventContract[]
  /** Dotted paths of the fields of the event's data that it reads. Left out: found by watching it, where that is possible. */
  readonly reads?: readonly string[]
  /** Promises that it does nothing but decide: no calls, no files, no clock of its own. `mesh explain` and the contract checks run it. */
  readonly pure?: boolean
  /** Schema of the options that a route may give it; left out: none. An empty object must be valid unless a route is needed. */
  readonly options?: z.ZodType<O>
  /** Which events it takes where mesh.yaml says nothing; left out: all. */
  readonly when?: Condition
}

/** A function (event, state) -> outcome for one event type; the only place where business decisions are taken. */
export type Handler<S = unknown> = HandlerDeclaration & {
  handle(event: CloudEvent<never>, state: S, context: HandlerContext<never>): Promise<Outcome<S>> | Outcome<S>
  /** Called when the retry time has run out, before the record becomes a dead letter of class `exhausted`. */
  exhausted?(event: CloudEvent<never>, state: S, context: HandlerContext<never>): Exhaustion<S>
}

/** A declaration that knows the types of its event and its options. */
export type Declaration<C extends EventContract, O> = HandlerDeclaration<O> & { readonly contract: C }

type More<O> = Omit<HandlerDeclaration<O>, 'name' | 'contract'>

/**
 * Declares a handler that is made when its service starts, because it needs what only then is there: a client, say. Give it
 * its function with {@link implement}.
 */
export const handles = <C extends EventContract, O = unknown>(
  contract: C,
  name: string,
  more: More<O> = {},
): Declaration<C, O> => ({ name, contract, ...more })

/** Gives a declared handler its function. */
export const implement = <S, C extends EventContract, O>(
  declaration: Declaration<C, O>,
  handle: (
    event: CloudEvent<DataOf<C>>,
    state: S,
    context: HandlerContext<O>,
  ) => Promise<Outcome<S>> | Outcome<S>,
  exhausted?: (event: CloudEvent<DataOf<C>>, state: S, context: HandlerContext<O>) => Exhaustion<S>,
): Handler<S> => ({ ...declaration, handle, ...(exhausted && { exhausted }) })

/**
 * Declares a handler for one event contract that needs nothing which its service has to start first.
 *
 * @example
 * on(orderPlaced, 'note-order', (event, state, { now }) => done({ ...state, seen: now }))
 */
export const on = <S, C extends EventContract, O = unknown>(
  contract: C,
  name: string,
  handle: (
    event: CloudEvent<DataOf<C>>,
    state: S,
    context: HandlerContext<O>,
  ) => Promise<Outcome<S>> | Outcome<S>,
  {
    exhausted,
    ...more
  }: More<O> & {
    exhausted?: (event: CloudEvent<DataOf<C>>, state: S, context: HandlerContext<O>) => Exhaustion<S>
  } = {},
): Handler<S> => implement(handles(contract, name, more), handle, exhausted)

/** Whether a declared handler brings its function along. */
export const isHandler = <S>(declared: HandlerDeclaration | Handler<S>): declared is Handler<S> =>
  'handle' in declared && typeof declared.handle === 'function'

import type { CloudEvent } from '@commerce-mesh/contracts'
import type { Handler, HandlerContext, HandlerDeclaration } from '@commerce-mesh/mesh/plugin'
import { z } from 'zod'
import { storedCopy } from './plain-json.ts'
import { keepingContract, thenExhaustedOf, thenOf, type Then, type ThenExhausted } from './then.ts'

/** A handler and the state it starts from; say `when` next. */
export type Given<S> = {
  /**
   * Lets the handler decide about one event.
   *
   * @param happened - a whole event of the handler's type, or only its data.
   * @param context - what this test cares about; the rest is attempt 1 at 2026-01-01T00:00:00Z.
   * @throws TypeError when the event or an emitted one breaks its contract, when the next state is not JSON, or when
   *   the outcome's MESH_* code is not in the catalogue. Whatever the handler throws comes through as it is.
   */
  when(happened: unknown, context?: Partial<HandlerContext>): Promise<Then<S>>
  /** The same for an event whose retry time has run out: what the handler's `exhausted` leaves behind. */
  whenExhausted(happened: unknown, context?: Partial<HandlerContext>): ThenExhausted<S>
}

const DEFAULT_CONTEXT: Omit<HandlerContext, 'signal'> = {
  now: new Date('2026-01-01T00:00:00.000Z'),
  attempt: 1,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  options: {},
}

const contextOf = (handler: HandlerDeclaration, context: Partial<HandlerContext>): HandlerContext<never> => ({
  ...DEFAULT_CONTEXT,
  signal: new AbortController().signal,
  ...context,
  options: optionsOf(handler, context.options ?? {}) as never,
})

/** As a route gives them: checked by the handler's own schema, defaults filled in. */
const optionsOf = ({ name, options: schema }: HandlerDeclaration, options: unknown): unknown => {
  if (schema === undefined) return options
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  throw new TypeError(`The options given to '${name}' break its schema:\n${z.prettifyError(parsed.error)}`)
}

const isEvent = (happened: unknown): happened is CloudEvent =>
  typeof happened === 'object' &&
  happened !== null &&
  'data' in happened &&
  'type' in happened &&
  'source' in happened

const eventFor = (handler: Handler<never>, happened: unknown): CloudEvent<never> => {
  const { contract } = handler
  const whole = isEvent(happened)
  if (whole && happened.type !== contract.type) {
    throw new TypeError(`'${handler.name}' handles ${contract.type}, not ${happened.type}.`)
  }
  const data = keepingContract(contract, whole ? happened.data : happened, 'The event in `when`')
  const made = {
    id: 'event-1',
    source: 'given',
    type: contract.type,
    subject: contract.key(data),
    extensions: {},
  }
  return { ...made, ...(whole ? happened : {}), data: storedCopy(data) as never }
}

/**
 * Tests a handler by values: given this state, when this happens, then that comes out.
 *
 * @param state - the aggregate's state before the event; it is frozen, as a handler must not change what it is given.
 *
 * @example
 * const then = await given(grantOnOrderPlaced(lms), { lines: {} }).when(orderData)
 * expect(then).toMatchObject({ outcome: 'done', events: [{ type: 'order.fulfilled.v1' }] })
 *
 * @example
 * await given(handler, first.state).when(secondEvent).then(({ outcome }) => expect(outcome).toBe('suppressed'))
 */
export const given = <S>(handler: Handler<S>, state: S): Given<S> => ({
  when: async (happened, context = {}) => {
    const event = eventFor(handler as Handler<never>, happened)
    return thenOf(
      state,
      await handler.handle(event, storedCopy(state), contextOf(handler, context)),
      handler.name,
    )
  },
  whenExhausted: (happened, context = {}) => {
    const event = eventFor(handler as Handler<never>, happened)
    const left = handler.exhausted?.(event, storedCopy(state), contextOf(handler, context)) ?? {}
    return thenExhaustedOf(state, left, handler.name)
  },
})

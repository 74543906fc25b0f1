import { type EventContract, defineEvent, upcastFrom } from '@commerce-mesh/contracts'
import { z } from 'zod'
import { type Handler, type HandlerDeclaration, on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import { type Service, type ServiceDeclaration, defineService } from '../service/service.ts'
import type { RouteSettings } from './settings.ts'

const parts = { owner: 'post', key: ({ id }: { id: string }) => id }

/** A letter was posted. Contracts of the made-up post office that the tests of routes run. */
export const postedV1 = defineEvent({
  ...parts,
  name: 'letter.posted',
  version: 1,
  summary: 'A letter was posted.',
  data: z.strictObject({ id: z.string(), grams: z.int() }),
})

/** The same with what it weighs in kilograms and to whom it goes. */
export const postedV2 = defineEvent({
  ...parts,
  name: 'letter.posted',
  version: 2,
  summary: 'A letter was posted.',
  personal: ['to'],
  data: z.strictObject({
    id: z.string(),
    kilograms: z.number(),
    class: z.enum(['first', 'second']),
    to: z.string().optional(),
  }),
  upcast: upcastFrom(postedV1, ({ id, grams }) => ({
    id,
    kilograms: grams / 1000,
    class: 'second' as const,
  })),
})

/** A letter was stamped. */
export const stamped = defineEvent({
  ...parts,
  name: 'letter.stamped',
  version: 1,
  owner: 'stamps',
  summary: 'A letter was stamped.',
  data: z.strictObject({ id: z.string() }),
})

/** A handler that takes note of nothing. */
export const takes = <C extends EventContract>(
  contract: C,
  name: string,
  more: Partial<HandlerDeclaration> = {},
): Handler<object> => on(contract, name, (_event, state: object) => done(state), more)

/** A service of these handlers. */
export const serviceOf = (
  name: string,
  handlers: readonly Handler<object>[],
  more: Partial<ServiceDeclaration<object, object>> = {},
): Service =>
  defineService<object, object>({
    name,
    options: z.strictObject({}),
    handlers,
    emits: [],
    initialState: () => ({}),
    concurrency: 1,
    ...more,
  }) as unknown as Service

/** A route that is on. */
export const route = (
  event: EventContract,
  to: string,
  more: Partial<RouteSettings> = {},
): RouteSettings => ({
  event: event.type,
  to,
  enabled: true,
  ...more,
})

import {
  type CloudEvent,
  type EventContract,
  defineEvent,
  sourceOf,
  upcastFrom,
} from '@commerce-mesh/contracts'
import { type Handler, type HandlerDeclaration, type Outcome, defineService, on } from '@commerce-mesh/mesh'
import { z } from 'zod'
import type { ExplainParts } from './explain.ts'

const parts = { owner: 'post', key: ({ id }: { id: string }) => id }

/** A letter was posted. Contracts of the made-up post office whose events are explained. */
export const postedV1 = defineEvent({
  ...parts,
  name: 'letter.posted',
  version: 1,
  summary: 'A letter was posted.',
  data: z.strictObject({ id: z.string(), grams: z.int() }),
})

/** The same by class; a letter of nothing can't be read as it. */
export const postedV2 = defineEvent({
  ...parts,
  name: 'letter.posted',
  version: 2,
  summary: 'A letter was posted.',
  data: z.strictObject({ id: z.string(), class: z.enum(['first', 'second']) }),
  upcast: upcastFrom(postedV1, ({ id, grams }) => ({
    id,
    class: (grams === 0 ? 'none' : 'second') as 'second',
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

/** A handler that decides by a function, and promises to do nothing else. */
export const decides = (
  contract: object,
  name: string,
  handle: (event: CloudEvent<never>, state: object, context: { options: unknown; now: Date }) => unknown,
  more: Partial<HandlerDeclaration> = {},
): Handler<object> =>
  on(contract as EventContract<never>, name, handle as () => Outcome<object>, { pure: true, ...more })

type Service = ExplainParts['services'][number]

/** A service of these handlers. */
export const serviceOf = (
  name: string,
  handlers: readonly Handler<object>[],
  emits: readonly object[] = [],
  more: Partial<Service> = {},
): Service => ({
  ...defineService<object, object>({
    name,
    options: z.strictObject({}),
    handlers,
    emits: emits as readonly EventContract[],
    initialState: () => ({ letters: 0 }),
    concurrency: 1,
  }),
  ...more,
})

/** What the services of a test make up, without any route of a file. */
export const partsOf = (services: readonly Service[], more: Partial<ExplainParts> = {}): ExplainParts => ({
  services,
  routes: [],
  grants: new Map(),
  now: new Date('2026-01-02T03:04:05Z'),
  ...more,
})

/** An event as its owner publishes it. */
export const eventOf = (contract: object, data: unknown, source?: string): CloudEvent<unknown> => {
  const { type, owner } = contract as EventContract
  return { id: 'e-1', source: source ?? sourceOf(owner), type, extensions: {}, data }
}

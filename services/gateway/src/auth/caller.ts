import { z } from 'zod'

/** What an API key may do. */
export const scope = z
  .enum(['orders:write', 'orders:read', 'events:write', 'operate'])
  .describe(
    '`orders:write` hands in orders, `orders:read` reads the status of own orders, `events:write` publishes the events that `producers` grants, `operate` sees and mends everything.',
  )

/** What an API key may do. */
export type Scope = z.output<typeof scope>

/** Name of a caller; no colon, so that it can't be mistaken for an LMS user's (`lms:alice`). */
export const callerName = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    'must be lower-case letters, digits, dot, dash or underscore, such as storefront',
  )
  .describe(
    'Name of the caller; it is written into the orders that it hands in, and its events have it as their source: a slash and the name.',
  )

/** Somebody whose credentials were checked. */
export type Caller = {
  /** Stands in `submittedBy`: the API key's name, or `lms:` and the username of a token. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Staff of the LMS: sees every order. */
  readonly staff: boolean
}

/** Whether this caller may see orders of others. */
export const seesEverything = (caller: Caller): boolean => caller.staff || caller.scopes.has('operate')

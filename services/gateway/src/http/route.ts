import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { Caller, Scope } from '../auth/caller.ts'
import type { Answer } from './answer.ts'

/** How a route takes its body. */
export type BodyReader<B> = {
  /** What the body looks like, for /openapi.json. */
  readonly schema: z.ZodType
  /** The same by media type, where `application/json` is not the only one. */
  readonly types?: Readonly<Record<string, z.ZodType>>
  /** Looks at the headers before a byte is read. @throws Refusal 415 */
  accept(headers: IncomingHttpHeaders): void
  /** Makes the body of the bytes. @throws Refusal 400 or 422 */
  decode(bytes: Buffer): B
}

/** A request whose caller is known and whose body is read. */
export type Exchange<B = undefined> = {
  readonly body: B
  /** Named parts of the path. */
  readonly params: Readonly<Record<string, string>>
  /** The query string, as Node's querystring reads it. */
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: IncomingHttpHeaders
  /** Each header with every line that it came in: Node has put lines together in `headers`, or dropped them. */
  headerLines(): Readonly<Record<string, readonly string[] | undefined>>
  /** W3C traceparent of this request: a child of the caller's, or the first of a new trace. */
  readonly traceparent: string
}

/** One possible answer, for /openapi.json. */
export type AnswerDescription = {
  readonly description: string
  readonly schema?: z.ZodType
  readonly type?: string
}

/** How a route writes what was thrown. */
type Dialect = (thrown: unknown, traceId: string) => Answer

type Common<B> = {
  readonly method: 'GET' | 'POST'
  /** As in OpenAPI: `/v1/orders/{number}`. */
  readonly path: string
  /** Name of the operation, for clients made from /openapi.json. */
  readonly operation: string
  readonly summary: string
  readonly query?: z.ZodObject
  /** Headers of its own that it reads, for /openapi.json. */
  readonly headers?: z.ZodObject
  readonly body?: BodyReader<B>
  readonly answers: Readonly<Record<number, AnswerDescription>>
  /** Errors in another form than RFC 9457. */
  readonly dialect?: Dialect
}

/** A route that anybody may call, or whose body proves the sender. */
export type OpenRoute<B = undefined> = Common<B> & {
  readonly access: 'public' | 'signature'
  /** How the body proves its sender: a security scheme of /openapi.json. */
  readonly scheme?: 'stripeSignature' | 'webhookSignature'
  handle(exchange: Exchange<B>): Promise<Answer> | Answer
}

/** A route for callers with a scope. */
export type CallerRoute<B = undefined> = Common<B> & {
  /** One of these scopes is needed. */
  readonly access: readonly Scope[]
  handle(exchange: Exchange<B>, caller: Caller): Promise<Answer> | Answer
}

/** A route with its body type forgotten, so that routes fit into one list. */
export type Route = OpenRoute<unknown> | CallerRoute<unknown>

// The body type is forgotten below: what `decode` makes is what `handle` gets, so no other body can reach it.

/** Declares a route that anybody may call, or whose body proves the sender. */
export const openRoute = <B>(declared: OpenRoute<B>): Route => declared as unknown as Route

/** Declares a route for callers with a scope. */
export const callerRoute = <B>(declared: CallerRoute<B>): Route => declared as unknown as Route

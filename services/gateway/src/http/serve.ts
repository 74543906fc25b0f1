import { type Metrics, type Tracer, errorTypeOf, silentTracer, traceIdOf } from '@commerce-mesh/mesh'
import type { Request, RequestHandler, Response } from 'express'
import type { Caller } from '../auth/caller.ts'
import type { Identify } from '../auth/identify.ts'
import { isFault, problem } from '../problem/problem.ts'
import { Refusal } from '../problem/refusal.ts'
import type { RateLimiter } from '../rate/rate-limiter.ts'
import type { Answer } from './answer.ts'
import type { ByteBudget } from './byte-budget.ts'
import type { FaultLog } from './fault-log.ts'
import { CallerGone, readBody } from './read-body.ts'
import { respond } from './respond.ts'
import type { Exchange, Route } from './route.ts'
import { endingOf, requestAttributes } from './server-span.ts'

/** What every route needs besides itself. */
export type Desk = {
  readonly identify: Identify
  readonly callers: RateLimiter
  readonly budget: ByteBudget
  readonly bodyLimitBytes: number
  readonly metrics: Metrics
  readonly fault: FaultLog
  readonly tracer: Tracer
  /** True from the moment the gateway stops. */
  closing(): boolean
}

const permit = (route: Route, caller: Caller): void => {
  if (typeof route.access === 'string' || route.access.some((scope) => caller.scopes.has(scope))) return
  throw new Refusal(
    403,
    'MESH_FORBIDDEN',
    `This needs scope ${route.access.map((scope) => `'${scope}'`).join(' or ')}, which the caller does not have.`,
  )
}

const bodyOf = async (route: Route, desk: Desk, request: Request): Promise<unknown> => {
  if (route.body === undefined) return undefined
  route.body.accept(request.headers)
  return route.body.decode(await readBody(request, desk.bodyLimitBytes, desk.budget))
}

const exchangeOf = (request: Request, body: unknown, traceparent: string): Exchange<unknown> => ({
  body,
  params: request.params as Record<string, string>,
  query: request.query,
  headers: request.headers,
  headerLines: () => request.headersDistinct,
  traceparent,
})

const answerOf = async (route: Route, desk: Desk, request: Request, traceparent: string): Promise<Answer> => {
  if (typeof route.access === 'string') {
    return await (route as Extract<Route, { access: string }>).handle(
      exchangeOf(request, await bodyOf(route, desk, request), traceparent),
    )
  }
  const identified = desk.identify(request.headers.authorization, request.socket.remoteAddress ?? '')
  const caller = identified instanceof Promise ? await identified : identified
  desk.callers.take(caller.name)
  permit(route, caller)
  const body = await bodyOf(route, desk, request)
  return await (route as Exclude<Route, { access: string }>).handle(
    exchangeOf(request, body, traceparent),
    caller,
  )
}

/** Makes the Express handler of one route: everything that can be worked out beforehand is, here. */
export const serve = (route: Route, desk: Desk): RequestHandler => {
  const dialect = route.dialect ?? problem
  const labels = { route: route.path, method: route.method }
  // What anybody may call is called by probes and scrapers, all day long.
  const tracer = route.access === 'public' ? silentTracer : desk.tracer
  const spanName = `${route.method} ${route.path}`
  const finish = (request: Request, response: Response, answer: Answer, traceId: string, started: number) => {
    respond(request, response, answer, traceId, desk.closing())
    desk.metrics.count('mesh_http_requests_total', { ...labels, status: String(answer.status) })
    desk.metrics.observe('mesh_http_request_seconds', labels, (performance.now() - started) / 1_000)
  }
  return (request, response) => {
    const started = performance.now()
    const parent = request.headers['traceparent']
    const span = tracer.start('server', spanName, {
      parent: typeof parent === 'string' ? parent : undefined,
      attributes: () => requestAttributes(request, route.path),
    })
    const traceId = traceIdOf(span.traceparent)
    span
      .run(() => answerOf(route, desk, request, span.traceparent))
      .catch((thrown: unknown): Answer | undefined => {
        if (thrown instanceof CallerGone) return undefined
        if (isFault(thrown)) desk.fault(route.path, thrown, traceId)
        return dialect(thrown, traceId)
      })
      .then((answer) => {
        if (answer === undefined) desk.metrics.count('mesh_http_requests_total', { ...labels, status: '499' })
        else finish(request, response, answer, traceId, started)
        span.end(endingOf(answer))
      })
      .catch((thrown: unknown) => {
        desk.fault(route.path, thrown, traceId)
        span.end({ error: errorTypeOf(thrown) })
        response.destroy()
      })
  }
}

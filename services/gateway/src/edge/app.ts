import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { childTraceparent, traceIdOf } from '@commerce-mesh/mesh'
import { respond } from '../http/respond.ts'
import type { Route } from '../http/route.ts'
import { type Desk, serve } from '../http/serve.ts'
import { isFault, problem } from '../problem/problem.ts'
import { Refusal, malformed } from '../problem/refusal.ts'

/** Refuses whatever comes here, in the words of `dialect`. */
const refusing =
  (desk: Desk, refusal: (method: string) => Refusal, label: string, dialect = problem): RequestHandler =>
  (request, response) => {
    const traceId = traceIdOf(childTraceparent(undefined))
    const answer = dialect(refusal(request.method), traceId)
    respond(request, response, answer, traceId, desk.closing())
    desk.metrics.count('mesh_http_requests_total', {
      route: label,
      method: request.method,
      status: String(answer.status),
    })
  }

const byPath = (routes: readonly Route[]) => {
  const paths = new Map<string, Route[]>()
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route])
  return paths
}

/** Express answers HEAD through GET. */
const allowed = (routes: readonly Route[]) =>
  routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')

const methodNotAllowed = (allow: string) => (method: string) =>
  new Refusal(405, 'MESH_METHOD_NOT_ALLOWED', `Method "${method}" not allowed.`, { headers: { allow } })

const routeUnknown = () =>
  new Refusal(404, 'MESH_ROUTE_UNKNOWN', 'There is no such path; /openapi.json lists them.')

/** Express itself throws only for a path that can't be decoded. */
const onExpressError =
  (desk: Desk): ErrorRequestHandler =>
  (thrown: unknown, request, response, _next) => {
    const traceId = traceIdOf(childTraceparent(undefined))
    const known =
      thrown instanceof URIError || (Error.isError(thrown) && 'status' in thrown && thrown.status === 400)
    const refusal = known ? malformed('The path is not properly percent-encoded.') : thrown
    if (isFault(refusal)) desk.fault('unknown', refusal, traceId)
    respond(request, response, problem(refusal, traceId), traceId, desk.closing())
  }

/** `/v1/orders/{number}` in the words of Express. */
const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Puts the routes into an Express application. The first route is found fastest. */
export const createApp = (routes: readonly Route[], desk: Desk): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.set('query parser', 'simple')
  for (const [path, all] of byPath(routes)) {
    for (const route of all)
      app[route.method === 'GET' ? 'get' : 'post'](expressPath(path), serve(route, desk))
    app.all(expressPath(path), refusing(desk, methodNotAllowed(allowed(all)), path, all[0]?.dialect))
  }
  app.use(refusing(desk, routeUnknown, 'unknown'))
  app.use(onExpressError(desk))
  return app
}

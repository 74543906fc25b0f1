import type { IncomingMessage } from 'node:http'
import type { Attributes, SpanEnd } from '@commerce-mesh/mesh'
import type { Answer } from './answer.ts'

/**
 * Attributes of a request's span (OpenTelemetry's HTTP conventions). Neither path nor query nor address of the caller:
 * they may hold personal data (promise 11).
 *
 * @param route - the path with its parameters' names.
 */
export const requestAttributes = ({ method = '', socket }: IncomingMessage, route: string): Attributes => ({
  'http.request.method': method,
  'http.route': route,
  'url.scheme': 'http',
  ...(socket.localAddress !== undefined && { 'server.address': socket.localAddress }),
  ...(socket.localPort !== undefined && { 'server.port': socket.localPort }),
})

/** How the span ends. A caller's mistake is no failure of the gateway; nobody was there to answer when `answer` is undefined. */
export const endingOf = (answer: Answer | undefined): SpanEnd => {
  if (answer === undefined) return { error: 'CallerGone' }
  const { status } = answer
  return {
    attributes: { 'http.response.status_code': status },
    ...(status >= 500 && { error: String(status) }),
  }
}

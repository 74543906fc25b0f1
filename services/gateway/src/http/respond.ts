import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'

/** An unread body up to this size is read and thrown away, so that the connection can go on. */
const SMALL = 65_536
/** How long a larger one may go on arriving after the answer was written: a caller that only writes never reads it otherwise. */
const LINGER_MS = 1_000

const isSmall = (request: IncomingMessage) =>
  request.headers['transfer-encoding'] === undefined &&
  Number(request.headers['content-length'] ?? 0) <= SMALL

/** Ends the answer when the rest of the body has come, the caller has gone, or the time is over. */
const endLater = (request: IncomingMessage, response: ServerResponse) => {
  const timer = setTimeout(() => response.end(), LINGER_MS)
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  request.once('end', end)
  request.once('close', end)
  request.resume()
}

/**
 * Writes an answer with the headers that every answer has: nothing is cached, sniffed, framed or run, and `x-trace-id` names the trace.
 *
 * @param closing - the gateway stops: the connection ends with this answer.
 */
export const respond = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  traceId: string,
  closing: boolean,
): void => {
  if (response.headersSent || response.destroyed) return
  const lingers = !request.complete && !isSmall(request)
  const headers: Record<string, string | number> = {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-trace-id': traceId,
    ...answer.headers,
  }
  if (closing || lingers) headers['connection'] = 'close'
  response.writeHead(answer.status, headers)
  if (!lingers) return void response.end(answer.body)
  response.write(answer.body)
  endLater(request, response)
}

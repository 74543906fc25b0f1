import type { Socket } from 'node:net'
import { childTraceparent, traceIdOf } from '@commerce-mesh/mesh'
import { problem } from '../problem/problem.ts'
import { Refusal, malformed } from '../problem/refusal.ts'

const refusalOf = (code: string | undefined): Refusal => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Refusal(408, 'MESH_REQUEST_TIMEOUT', 'The request did not arrive whole in time.')
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Refusal(431, 'MESH_REQUEST_TOO_LARGE', 'The headers are too large.')
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Refusal(413, 'MESH_REQUEST_TOO_LARGE', 'The chunk extensions are too large.')
  return malformed('This is not HTTP/1.1.')
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
}

/** Bytes were written already when an answer had begun: a second one would be read as its body. */
const hasBegun = (socket: Socket) =>
  socket.bytesWritten > 0 && '_httpMessage' in socket && socket._httpMessage !== null

/**
 * Answers what never became a request: a slow one (408), headers too large (431), no HTTP (400); then closes the connection.
 * A connection that was reset or is in the middle of an answer is only closed.
 */
export const onClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy()
  const traceId = traceIdOf(childTraceparent(undefined))
  const { status, type, body } = problem(refusalOf(error.code), traceId)
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    `content-type: ${type}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-trace-id: ${traceId}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

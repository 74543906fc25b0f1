import { CATALOGUE, isMeshError, type MeshCode } from '@commerce-mesh/mesh'
import type { Answer } from '../http/answer.ts'
import { Refusal, unavailable } from './refusal.ts'

/** Seconds after which a caller may try again when an engine is down. */
const RETRY_SECONDS = 5

const STATUS: Partial<Record<MeshCode, number>> = {
  MESH_DEAD_LETTER_UNKNOWN: 404,
  MESH_DEAD_LETTER_CLOSED: 409,
}

/** What happened, in words that tell nothing of the inside; title and catalogue tell the rest. */
const UNAVAILABLE: Partial<Record<MeshCode, string>> = {
  MESH_BUS_UNAVAILABLE: 'What was sent could not be made durable in time.',
  MESH_STORE_UNAVAILABLE: 'The gateway could not read or write its stored data.',
  MESH_IDENTITY_UNAVAILABLE: 'The gateway could not read the keys that LMS tokens are checked with.',
}

/** Whether the caller did nothing wrong and nobody foresaw it: worth a log line of level error. */
export const isFault = (thrown: unknown): boolean => refusalOf(thrown).status >= 500

/**
 * Turns anything thrown into a refusal. What nobody foresaw becomes a 500 that tells the caller nothing about the inside.
 */
export const refusalOf = (thrown: unknown): Refusal => {
  if (thrown instanceof Refusal) return thrown
  if (!isMeshError(thrown))
    return new Refusal(500, 'MESH_INTERNAL', 'The gateway failed unexpectedly; its log has the details.')
  const happened = UNAVAILABLE[thrown.code]
  if (happened !== undefined) return unavailable(thrown.code, happened, RETRY_SECONDS)
  const status = STATUS[thrown.code]
  return status === undefined
    ? new Refusal(500, thrown.code, CATALOGUE[thrown.code].meaning)
    : new Refusal(status, thrown.code, thrown.message)
}

/**
 * RFC 9457 problem document. `type` is a name, not a page: `urn:commerce-mesh:error:` and the code, which docs/errors.md explains.
 */
export const problem = (thrown: unknown, traceId: string): Answer => {
  const { status, code, message, headers, errors } = refusalOf(thrown)
  const document = {
    type: `urn:commerce-mesh:error:${code}`,
    title: CATALOGUE[code].meaning,
    status,
    detail: message,
    code,
    traceId,
    ...(errors.length > 0 && { errors }),
  }
  return { status, headers, type: 'application/problem+json', body: JSON.stringify(document) }
}

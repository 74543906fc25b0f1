import type { CredentialFault } from '../auth/unauthenticated.ts'
import { Unauthenticated } from '../auth/unauthenticated.ts'
import { type Answer, json } from '../http/answer.ts'
import { refusalOf } from '../problem/problem.ts'

/** A refusal whose body is known to the last character: what Django REST framework would have answered. */
export class DrfRefusal extends Error {
  override readonly name = 'DrfRefusal'
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`answered ${status} in the words of Django REST framework`)
    this.status = status
    this.body = body
  }
}

/** The words of rest_framework.exceptions and of drf-jwt. */
const CREDENTIALS: Readonly<Record<CredentialFault, string>> = {
  missing: 'Authentication credentials were not provided.',
  malformed: 'Authentication credentials were not provided.',
  unreadable: 'Error decoding token.',
  expired: 'Token has expired.',
  invalid: 'Invalid token.',
}

const throttled = (seconds: string) =>
  `Request was throttled. Expected available in ${seconds} second${seconds === '1' ? '' : 's'}.`

const detailOf = (thrown: unknown): string => {
  const { status, message, headers } = refusalOf(thrown)
  if (status === 403) return 'You do not have permission to perform this action.'
  if (status === 429) return throttled(headers['retry-after'] ?? '1')
  if (status === 500) return 'A server error occurred.'
  if (status === 503) return 'Service temporarily unavailable, try again later.'
  return message
}

/** Errors as the 2023 Coordinator wrote them (interop section 7): `{"detail": …}`, or a list of messages per field. */
export const drfDialect = (thrown: unknown): Answer => {
  if (thrown instanceof DrfRefusal) return json(thrown.status, thrown.body)
  if (thrown instanceof Unauthenticated) {
    return json(401, { detail: CREDENTIALS[thrown.fault] }, { 'www-authenticate': 'JWT realm="api"' })
  }
  const { status, headers } = refusalOf(thrown)
  return json(status, { detail: detailOf(thrown) }, headers)
}

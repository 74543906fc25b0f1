import type { CatalogueEntry } from './entry.ts'

/** Codes of requests to the gateway, and of dead letters. */
export const EDGE_CODES = {
  MESH_DEAD_LETTER_UNKNOWN: {
    meaning: 'There is no dead letter with this id.',
    order: 'No order is touched.',
    action: 'List the open ones with `mesh dead list`.',
    retryable: false,
  },
  MESH_DEAD_LETTER_CLOSED: {
    meaning: 'The dead letter was redriven or discarded before.',
    order: 'No order is touched.',
    action: 'Follow the order with `mesh trace`; if it failed again there is a newer dead letter.',
    retryable: false,
  },
  MESH_REQUEST_MALFORMED: {
    meaning: 'The request can’t be read: not JSON, not UTF-8, a key twice in an object, or nested too deep.',
    order: 'Nothing was accepted.',
    action: 'Mend the caller; `detail` names the place. The same request will always be refused.',
    retryable: false,
  },
  MESH_REQUEST_INVALID: {
    meaning: 'The request is readable but breaks the contract of this endpoint.',
    order: 'Nothing was accepted.',
    action: 'Mend the fields listed in `errors`, then send it again.',
    retryable: false,
  },
  MESH_REQUEST_TOO_LARGE: {
    meaning: 'The request is larger than the gateway takes.',
    order: 'Nothing was accepted.',
    action: 'Send less, or raise `services.gateway.bodyLimitBytes`.',
    retryable: false,
  },
  MESH_REQUEST_TIMEOUT: {
    meaning: 'The request did not arrive whole in time.',
    order: 'Nothing was accepted.',
    action: 'Look at the caller’s network; it may send the same again.',
    retryable: true,
  },
  MESH_MEDIA_TYPE: {
    meaning: 'The body is of a type, a charset or a compression that this endpoint does not read.',
    order: 'Nothing was accepted.',
    action: 'Send plain UTF-8 with `Content-Type: application/json`, not compressed.',
    retryable: false,
  },
  MESH_UNAUTHENTICATED: {
    meaning: 'The caller is not known: no credentials, or credentials that are wrong, expired or revoked.',
    order: 'Nothing was accepted.',
    action:
      'Send a valid API key or LMS token. Check `services.gateway.callers`, `services.gateway.jwt` and the clocks.',
    retryable: false,
  },
  MESH_FORBIDDEN: {
    meaning: 'The caller is known but may not do this.',
    order: 'Nothing was accepted.',
    action:
      'Give the API key the scope that `detail` names, or use an LMS token of a staff user; for events, list the caller in `producers`.',
    retryable: false,
  },
  MESH_IDENTITY_UNAVAILABLE: {
    meaning: 'The keys that LMS tokens are checked with can’t be fetched.',
    order: 'Nothing was accepted; the caller got 503 and may send it again.',
    action: 'Look at the URL or file in `services.gateway.jwt.jwks`. API keys work meanwhile.',
    retryable: true,
  },
  MESH_ROUTE_UNKNOWN: {
    meaning: 'The gateway has no such path.',
    order: 'Nothing was accepted.',
    action: 'Compare the path with /openapi.json.',
    retryable: false,
  },
  MESH_METHOD_NOT_ALLOWED: {
    meaning: 'The path exists, but not for this method.',
    order: 'Nothing was accepted.',
    action: 'Use a method that the `Allow` header names.',
    retryable: false,
  },
  MESH_ORDER_UNKNOWN: {
    meaning: 'No order of this number is known to this caller.',
    order: 'No order is touched.',
    action: 'Check the number. A caller without scope `operate` sees only orders that it submitted itself.',
    retryable: false,
  },
  MESH_IDEMPOTENCY_REUSED: {
    meaning: 'The Idempotency-Key was used before with another request.',
    order: 'The first request stands; this one was not accepted.',
    action: 'Use a new key for every new request.',
    retryable: false,
  },
  MESH_IDEMPOTENCY_IN_FLIGHT: {
    meaning: 'The first request with this Idempotency-Key is still running.',
    order: 'The first request goes on; this one was not accepted.',
    action: 'Send the same again after `Retry-After`.',
    retryable: true,
  },
  MESH_RATE_LIMITED: {
    meaning: 'The caller sends more requests than it may.',
    order: 'Nothing was accepted.',
    action: 'Send the same again after `Retry-After`, or raise `services.gateway.rateLimit`.',
    retryable: true,
  },
  MESH_OVERLOADED: {
    meaning: 'Too many bytes of unfinished requests are held in memory.',
    order: 'Nothing was accepted; the caller got 503 and may send it again.',
    action: 'Look for slow or flooding callers; add gateway processes if it is normal load.',
    retryable: true,
  },
  MESH_SIGNATURE_INVALID: {
    meaning: 'The signature of a provider’s notification is missing, wrong or too old.',
    order: 'No order is touched; the provider sends the notification again.',
    action: 'Compare the signing secret at the provider with the configured ones, and look at the clock.',
    retryable: false,
  },
  MESH_INTERNAL: {
    meaning: 'The gateway failed unexpectedly: a fault in the program.',
    order: 'Not known to be accepted; sending the same again is safe.',
    action: 'Report it with the log lines of this trace id.',
    retryable: false,
  },
} as const satisfies Record<string, CatalogueEntry>

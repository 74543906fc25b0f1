/** One entry of the catalogue: everything a person needs who sees the code for the first time. */
export type CatalogueEntry = {
  /** What happened. */
  readonly meaning: string
  /** What it means for the order. */
  readonly order: string
  /** What to do. */
  readonly action: string
  /** Whether the same thing may succeed later without anybody doing anything. */
  readonly retryable: boolean
}

/** Every code that the mesh can show. docs/errors.md is generated from it. */
export const CATALOGUE = {
  MESH_BUS_UNAVAILABLE: {
    meaning: 'The event could not be made durable on the bus.',
    order: 'Nothing was accepted; the caller got 503 and may send it again.',
    action: 'Look at the disk (space, permissions) or the broker. The mesh tries again by itself.',
    retryable: true,
  },
  MESH_STORE_UNAVAILABLE: {
    meaning: 'The store could not read or write.',
    order: 'It waits in the log; nothing is lost.',
    action: 'Look at the disk (space, permissions) or the database. The mesh tries again by itself.',
    retryable: true,
  },
  MESH_DATA_IN_USE: {
    meaning: 'Another process owns this data directory.',
    order: 'No order is touched.',
    action: 'Stop the other process, or give this one a directory of its own with --data.',
    retryable: false,
  },
  MESH_DATA_NOT_WRITABLE: {
    meaning: 'The data directory can’t be created or written.',
    order: 'No order is touched.',
    action:
      'Give the user that runs the mesh the right to write there, or choose another directory with --data.',
    retryable: false,
  },
  MESH_DATA_DAMAGED: {
    meaning: 'The data file is damaged: it is no database, or parts of it can’t be read.',
    order: 'Orders in the damaged part can’t be read. What was accepted before may be affected.',
    action: 'Stop the mesh, keep a copy of the data directory, check the disk, and restore the last backup.',
    retryable: false,
  },
  MESH_DATA_NEWER: {
    meaning: 'The data was written by a newer release of the mesh.',
    order: 'No order is touched.',
    action: 'Run the newer release, or restore the data from before the upgrade.',
    retryable: false,
  },
  MESH_DATA_MISSING: {
    meaning: 'There is no mesh data in this directory.',
    order: 'No order is touched.',
    action: 'Name the directory that the mesh runs on with --data, or start one with `mesh up`.',
    retryable: false,
  },
  MESH_GATEWAY_UNREACHABLE: {
    meaning: 'No mesh answers at this address.',
    order: 'Nothing was handed in and no order is touched.',
    action: 'Start one with `mesh up`, or name the address of a running one with --url.',
    retryable: true,
  },
  MESH_PORT_TAKEN: {
    meaning: 'Another process listens on the port.',
    order: 'No order is touched.',
    action: 'Stop the other process, or choose another port (--port, --lms-port).',
    retryable: false,
  },
  MESH_CONFIG_INVALID: {
    meaning: 'The configuration has errors.',
    order: 'No order is touched: the mesh does not start.',
    action: 'Mend the lines named; `mesh validate` checks again without starting anything.',
    retryable: false,
  },
  MESH_EVENT_POISON: {
    meaning: 'A record on a topic can’t be decoded.',
    order: 'The record is a dead letter of class poison; its neighbours are not held up.',
    action: 'Tell whoever wrote it; discard it once the right event has been sent.',
    retryable: false,
  },
  MESH_EVENT_CONTRACT: {
    meaning: 'An event breaks its contract.',
    order: 'The record is a dead letter of class contract; its neighbours are not held up.',
    action: 'Mend the producer and have it send a right event, then discard this one.',
    retryable: false,
  },
  MESH_HANDLER_THREW: {
    meaning: 'A handler threw an unexpected error: a fault in the program.',
    order: 'It is tried again; after 10 attempts it becomes a dead letter.',
    action: 'Report it with the log lines of this order. Redrive after the fix.',
    retryable: true,
  },
  MESH_HANDLER_DEADLINE: {
    meaning: 'A handler did not finish within its deadline.',
    order: 'It is tried again.',
    action: 'Look at the latency of what the handler calls; raise `deadlineMs` if it is normal there.',
    retryable: true,
  },
  MESH_HANDLER_OUTPUT: {
    meaning: 'A handler emitted an event that breaks its own contract.',
    order: 'The record is a dead letter; no state was changed.',
    action: 'Report it as a fault in the program. Redrive after the fix.',
    retryable: false,
  },
  MESH_WAITING_FULL: {
    meaning: 'Too many records wait behind one key.',
    order: 'The newest record became a dead letter, so that the rest keeps its order.',
    action: 'Clear what holds the first one back, then redrive.',
    retryable: false,
  },
  MESH_ORDER_CONFLICT: {
    meaning: 'The same order number was submitted twice with different contents.',
    order: 'The first submission stands and goes on; the second is a dead letter.',
    action: 'Ask the storefront which is right. If the second: it needs an order number of its own.',
    retryable: false,
  },
  MESH_PAYMENT_MISMATCH: {
    meaning: 'The amount or currency that the provider captured is not that of the order.',
    order: 'This payment does not enroll it; one of the right amount still will.',
    action:
      'Compare the payment at the provider with the order. Refund it, ask the learner to pay the right amount, then discard this.',
    retryable: false,
  },
  MESH_PAYMENT_TWICE: {
    meaning: 'The provider captured another payment for an order that is paid already.',
    order: 'It was placed once, with the first payment; the second payment changes nothing.',
    action:
      'Compare both payments at the provider. Refund the one too many, then discard. A redrive ends here again.',
    retryable: false,
  },
  MESH_PAYMENT_REVERSED: {
    meaning: 'The provider reported a refund or a dispute.',
    order: 'The enrollment stays as it is: this release does not take enrollments back by itself.',
    action: 'Unenroll the learner in the LMS if the refund is meant to end the access, then discard.',
    retryable: false,
  },
  MESH_LMS_COURSE_UNKNOWN: {
    meaning: 'The LMS does not know the course run.',
    order: 'The line is not granted; the order is a dead letter.',
    action:
      'Compare the course id with the LMS. Wrong in the order: have the storefront place a right one. Missing in the LMS: make it, then redrive.',
    retryable: false,
  },
  MESH_LMS_MODE_UNAVAILABLE: {
    meaning: 'The course run does not offer this mode, or it has expired.',
    order: 'The line is not granted; the order is a dead letter.',
    action:
      'Extend or add the mode in the LMS, or set an apiKey (it may use expired modes), then redrive; or refund.',
    retryable: false,
  },
  MESH_LMS_CREDIT_PROVIDER_MISSING: {
    meaning: 'A line in mode credit does not say which credit provider.',
    order: 'The line is not granted; the order is a dead letter.',
    action: 'Have the storefront send creditProvider, or enroll the learner in the LMS by hand and redrive.',
    retryable: false,
  },
  MESH_LMS_ENROLLMENT_REFUSED: {
    meaning:
      'The LMS does not enroll into this course run: closed, full, by invitation only, or vetoed by a plugin.',
    order: 'The line is not granted; the order is a dead letter.',
    action: 'Reopen the course run, or enroll the learner in the LMS by hand; then redrive. Or refund.',
    retryable: false,
  },
  MESH_LMS_EMBARGOED: {
    meaning: 'The LMS does not admit the learner because of a country embargo.',
    order: 'The line is not granted; the order is a dead letter.',
    action: 'Refund, unless the embargo is set wrong in the LMS: mend it there, then redrive.',
    retryable: false,
  },
  MESH_LMS_FORBIDDEN: {
    meaning: 'The LMS forbids this enrollment (403): the mode, or the learner.',
    order: 'The line is not granted; the order is a dead letter.',
    action:
      'Many orders at once: make the service user staff in the LMS, then redrive them. One order: ask the LMS’s operators why.',
    retryable: false,
  },
  MESH_LMS_NO_PERMISSION: {
    meaning: 'The service user may not act for learners in the LMS.',
    order: 'The line is not granted; the order is a dead letter.',
    action: 'Make the service user of the OAuth2 client staff in the LMS, then redrive.',
    retryable: false,
  },
  MESH_LMS_LEARNER_UNKNOWN: {
    meaning: 'The LMS has no such learner.',
    order: 'The line is not granted; the order is a dead letter.',
    action:
      'Find out whose order it is. Once the account exists, redrive; if the order names the wrong one, have a right one placed.',
    retryable: false,
  },
  MESH_LMS_MODE_CONFLICT: {
    meaning: 'The learner is enrolled in another paid mode, which this order would take away.',
    order: 'Nothing was changed in the LMS; the order is a dead letter.',
    action:
      'Decide which mode is right. If the ordered one: set it in the LMS by hand, then redrive. If not: refund and discard.',
    retryable: false,
  },
  MESH_LMS_REQUEST_REFUSED: {
    meaning: 'The LMS refused the call with a status that the mesh has no better name for.',
    order: 'The line is not granted; the order is a dead letter.',
    action: 'Look into the LMS’s log at this time. Redrive once it is mended.',
    retryable: false,
  },
  MESH_LMS_THROTTLED: {
    meaning: 'The LMS asks for fewer calls (429).',
    order: 'It waits as long as the LMS asks, then goes on.',
    action:
      'Nothing, if rare. Otherwise lower rateLimit (divide it by the number of processes), or set an apiKey.',
    retryable: true,
  },
  MESH_LMS_PACED: {
    meaning: 'The mesh’s own rate limit for the LMS did not let the call through within the attempt.',
    order: 'It is tried again; lines that are granted stay so.',
    action:
      'Nothing while a backlog is worked off. If it lasts: set an apiKey, raise rateLimit, or lower concurrency.',
    retryable: true,
  },
  MESH_LMS_ERROR: {
    meaning: 'The LMS met an error of its own (500).',
    order: 'It is tried again for the retry time, then it becomes a dead letter.',
    action: 'One order alone: look into the LMS’s log for its course. Many: the LMS is ill.',
    retryable: true,
  },
  MESH_LMS_UNAVAILABLE: {
    meaning: 'The LMS can’t be reached, or a proxy says that it is down.',
    order: 'Orders wait; nothing is lost.',
    action: 'Look at the LMS and the way to it: DNS, TLS, proxy, lms.url. The mesh goes on by itself.',
    retryable: true,
  },
  MESH_LMS_TIMEOUT: {
    meaning: 'The LMS did not answer in time.',
    order: 'It is tried again; whether the call had its effect is looked up first.',
    action: 'Look at the load of the LMS. Raise requestTimeoutMs if it is always that slow.',
    retryable: true,
  },
  MESH_LMS_ANSWER_UNEXPECTED: {
    meaning: 'The LMS, or something in its place, answered what its API does not answer.',
    order: 'It is tried again for the retry time, then it becomes a dead letter.',
    action:
      'Open lms.url: a maintenance page, a login page or another server there explains it. Otherwise look at the LMS’s version.',
    retryable: true,
  },
  MESH_LMS_UNAUTHORIZED: {
    meaning: 'The LMS refuses an access token that it has just issued.',
    order: 'Orders wait; nothing is lost.',
    action:
      'See that the service user is active and that the LMS’s clocks and JWT settings are right. The mesh goes on by itself.',
    retryable: true,
  },
  MESH_LMS_CLIENT_REFUSED: {
    meaning: 'The LMS refuses the OAuth2 client: wrong clientId or clientSecret, or the wrong grant type.',
    order: 'Orders wait; nothing is lost.',
    action:
      'Compare clientId and clientSecret with the OAuth2 application in the LMS (confidential, client-credentials), then restart.',
    retryable: true,
  },
  MESH_LMS_TOKEN_LIMITED: {
    meaning: 'The LMS limits token requests from this address.',
    order: 'Orders wait; nothing is lost.',
    action:
      'Look for other programs or restarting processes behind the same address. The mesh asks again after a pause.',
    retryable: true,
  },
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
    action: 'Give the API key the scope that `detail` names, or use an LMS token of a staff user.',
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

/** A code of the catalogue. */
export type MeshCode = keyof typeof CATALOGUE

import type { CatalogueEntry } from './entry.ts'

/** Codes of calls to the LMS. */
export const LMS_CODES = {
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
} as const satisfies Record<string, CatalogueEntry>

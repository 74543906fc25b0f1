import type { Rate } from '@commerce-mesh/mesh'
import { z } from 'zod'

const rate = z.strictObject({
  perMinute: z.number().positive().max(100_000).describe('Calls per minute in the long run, reads included.'),
  burst: z.int().min(1).max(10_000).describe('Calls that may be made at once after a quiet time.'),
})

const lms = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address, such as https://lms.example.org' })
    .describe('Address of the LMS, such as https://lms.example.org. A path is put in front of every call.'),
  clientId: z.string().min(1).describe('Id of the OAuth2 application (client credentials) in the LMS.'),
  clientSecret: z.string().min(1).meta({ secret: true, description: 'Secret of that application.' }),
  apiKey: z.string().min(1).optional().meta({
    secret: true,
    description:
      'The LMS setting EDX_API_KEY, where it has one: sent besides the token. Lifts the LMS’s rate limit.',
  }),
  requestTimeoutMs: z
    .int()
    .min(100)
    .max(120_000)
    .default(10_000)
    .describe('Milliseconds that one call may take, from a free connection to the whole answer.'),
  tokenRefreshSeconds: z
    .int()
    .min(5)
    .max(300)
    .default(60)
    .describe('Seconds before its expiry that the access token is replaced.'),
  rateLimit: z
    .union([rate, z.literal(false)])
    .optional()
    .describe(
      'Calls that each process makes at most; false: no limit. Default: 110 per minute and a burst of 6, which stays ' +
        'below the LMS’s 120 per minute for staff; with an apiKey, none. Divide it by the number of processes.',
    ),
  connections: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe(
      'Connections kept to the LMS; default: as many as `concurrency`. Fewer makes calls wait for one, within their timeout.',
    ),
})

/** Options of the fulfillment service: its section in mesh.yaml. */
export const fulfillmentOptions = z.strictObject({
  concurrency: z.int().min(1).max(1_000).default(16).describe('Orders handled at once by each process.'),
  lms: lms.describe('The learning platform that enrolls the learners.'),
  emailOptIn: z
    .strictObject({
      send: z
        .boolean()
        .default(false)
        .describe(
          'Send the order’s email opt-in to the enrollment endpoint. Leave it off for an unpatched LMS: there it ' +
            'changes the preference of the service user, not the learner’s.',
        ),
    })
    .prefault({})
    .describe('What becomes of a learner’s consent to email.'),
})

/** Options of the fulfillment service. */
export type FulfillmentOptions = z.output<typeof fulfillmentOptions>

/** How to reach the LMS. */
export type LmsOptions = FulfillmentOptions['lms'] & { readonly connections: number }

/** How to reach the LMS, with a connection for each order that is handled at once where the operator says nothing. */
export const lmsOptionsOf = ({ lms, concurrency }: FulfillmentOptions): LmsOptions => ({
  ...lms,
  connections: lms.connections ?? concurrency,
})

/**
 * Below the LMS's staff throttle of 120 per minute (interop section 1): 6 + 110 calls in any 60 s, and a few to spare for
 * calls that the network bunches. The burst is small so that the pace can be high: 16 orders of 3 calls each that come at
 * once are through in 26 s, within one attempt.
 */
const STAFF_RATE: Rate = { perMinute: 110, burst: 6 }

/** The limit in force: the operator's, or else none for an API key (which the LMS does not throttle), or the staff's. */
export const rateLimitOf = ({ rateLimit, apiKey }: Pick<LmsOptions, 'rateLimit' | 'apiKey'>): Rate | false =>
  rateLimit ?? (apiKey === undefined ? STAFF_RATE : false)

import { z } from 'zod'
import { callerName, scope } from './auth/caller.ts'

const milliseconds = (least: number, most: number) => z.int().min(least).max(most)

const caller = z.strictObject({
  name: callerName,
  keyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the API key in lower-case hex, 64 digits')
    .describe('SHA-256 of the API key in hex. The key itself is written nowhere.'),
  scopes: z.array(scope).min(1).describe('What the caller may do.'),
})

const rateLimit = z
  .strictObject({
    perSecond: z
      .number()
      .positive()
      .max(1_000_000)
      .default(5_000)
      .describe('Requests that one caller may send in the long run, per second.'),
    burst: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Requests that one caller may send at once.'),
  })
  .prefault({})
  .describe('How fast one caller may be; beyond it the answer is 429 with `Retry-After`.')

const jwks = z
  .union([z.string().min(1), z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })])
  .describe(
    'Public keys of the LMS (JWT_PUBLIC_SIGNING_JWK_SET) for RS512 tokens: the JWK set itself, a file, or an http(s) URL. Open edX serves it at /auth/jwks.json.',
  )

const jwt = z
  .strictObject({
    secret: z
      .string()
      .min(16)
      .meta({ secret: true })
      .optional()
      .describe('Shared secret of the LMS (JWT_SECRET_KEY) for HS256 tokens. Left out, HS256 is refused.'),
    jwks: jwks.optional(),
    issuer: z
      .string()
      .min(1)
      .optional()
      .describe('The `iss` that tokens must carry (JWT_ISSUER). Left out, it is not checked.'),
    audience: z
      .string()
      .min(1)
      .optional()
      .describe('The `aud` that tokens must carry (JWT_AUDIENCE). Left out, it is not checked.'),
  })
  .prefault({})
  .describe('Tokens issued by the LMS. Without `secret` and `jwks` none is accepted.')

/** The section of the webhook `/webhooks/stripe`. */
export const stripeOptions = z
  .strictObject({
    secrets: z
      .array(z.string().min(8).meta({ secret: true }))
      .default([])
      .describe(
        'Signing secrets of the Stripe webhook endpoints (`whsec_…`). Several while one is being replaced. Empty: every notification is refused.',
      ),
    toleranceSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(300)
      .describe('Age beyond which a signature is refused, in seconds.'),
  })
  .prefault({})
  .describe('Notifications of Stripe at /webhooks/stripe.')

/** The gateway's section of mesh.yaml. An empty object gives every default. */
export const gatewayOptions = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for all.'),
  port: z.int().min(0).max(65_535).default(8_080).describe('Port to listen on; 0 takes a free one.'),
  bodyLimitBytes: z.int().min(1_024).max(16_777_216).default(262_144).describe('Largest body, in bytes.'),
  jsonDepth: z.int().min(4).max(256).default(32).describe('Deepest nesting of JSON.'),
  maxConnections: z
    .int()
    .min(1)
    .max(100_000)
    .default(4_096)
    .describe('Connections held open at once; further ones are closed at once.'),
  headersTimeoutMs: milliseconds(100, 600_000)
    .default(10_000)
    .describe('Time for the headers of a request to arrive, in milliseconds.'),
  requestTimeoutMs: milliseconds(100, 600_000)
    .default(30_000)
    .describe('Time for a whole request to arrive, in milliseconds.'),
  keepAliveMs: milliseconds(0, 600_000)
    .default(65_000)
    .describe(
      'Time that an idle connection is kept, in milliseconds. Longer than the load balancer’s, or it sends into closed connections.',
    ),
  graceMs: milliseconds(0, 600_000)
    .default(10_000)
    .describe('Time that running requests get to finish when the gateway stops, in milliseconds.'),
  concurrency: z
    .int()
    .min(1)
    .max(1_024)
    .default(64)
    .describe('Orders whose status is brought up to date at once.'),
  rateLimit,
  callers: z
    .array(caller)
    .default([])
    .describe('Callers with API keys. More can be made while running: POST /v1/callers.'),
  jwt,
  stripe: stripeOptions,
})

/** Options of the gateway, every default filled in. */
export type GatewayOptions = z.output<typeof gatewayOptions>

import { createHash } from 'node:crypto'
import { JWT_SECRET, STRIPE_SECRET } from '../../crash/storefront.ts'
import { API_KEY } from '../../load/orders.ts'

/** What the services of a world are told. */
export type WorldSettings = {
  readonly bootstrapServers: string
  readonly mongoUrl: string
  readonly lmsUrl: string
  /** Prefix of topics and groups, and the database: worlds on the same engines never meet. */
  readonly name: string
  readonly replication: { readonly factor: number; readonly minInsync: number }
  /** Silence after which a member counts as dead. */
  readonly sessionTimeoutMs: number
  /** OTLP collector, where spans are wanted. */
  readonly telemetry?: string
}

/** Secrets stand in the environment, as in a deployment. */
export const SECRETS: Readonly<Record<string, string>> = {
  CHAOS_JWT_SECRET: JWT_SECRET,
  CHAOS_STRIPE_SECRET: STRIPE_SECRET,
  CHAOS_LMS_SECRET: 'mesh-secret',
  CHAOS_LMS_API_KEY: 'mesh-api-key',
}

const caller = {
  name: 'bench',
  keyHash: createHash('sha256').update(API_KEY).digest('hex'),
  scopes: ['orders:write', 'orders:read', 'operate'],
}

/** Database of a world. */
export const databaseOf = (name: string): string => `chaos_${name}`

/** What the services do, wherever they run. */
const services = (lmsUrl: string) => ({
  gateway: {
    // The store of the tests is slow: what is asked of it at once waits until it is too late.
    concurrency: 8,
    callers: [caller],
    rateLimit: { perSecond: 1_000_000, burst: 1_000_000 },
    jwt: { secret: '${CHAOS_JWT_SECRET}' },
    stripe: { secrets: ['${CHAOS_STRIPE_SECRET}'] },
  },
  fulfillment: {
    concurrency: 8,
    lms: {
      url: lmsUrl,
      clientId: 'mesh',
      clientSecret: '${CHAOS_LMS_SECRET}',
      apiKey: '${CHAOS_LMS_API_KEY}',
    },
  },
})

const engines = ({ bootstrapServers, mongoUrl, name, replication, sessionTimeoutMs }: WorldSettings) => ({
  bus: {
    driver: 'kafka',
    partitions: 4,
    kafka: {
      bootstrapServers,
      topicPrefix: `${name}.`,
      replicationFactor: replication.factor,
      minInsyncReplicas: replication.minInsync,
      sessionTimeoutMs,
      requestTimeoutMs: 3_000,
    },
  },
  store: {
    driver: 'mongodb',
    mongodb: { url: mongoUrl, database: databaseOf(name), timeoutMs: 15_000 },
  },
})

/** Patience is short, so that a run does not take long. */
const PATIENCE = {
  retry: { initialMs: 500, factor: 2, maxMs: 4_000, jitter: 0.2 },
  breaker: { failures: 5, coolDownMs: 500, maxCoolDownMs: 2_000 },
  graceMs: 5_000,
}

/** The mesh.yaml of a distributed mesh. JSON is YAML. */
export const distributedYaml = (settings: WorldSettings): string =>
  JSON.stringify(
    {
      ...engines(settings),
      ...PATIENCE,
      ...(settings.telemetry !== undefined && { telemetry: { endpoint: settings.telemetry } }),
      services: services(settings.lmsUrl),
    },
    undefined,
    2,
  )

/** The mesh.yaml of the same mesh in one process on its embedded engine. */
export const allInOneYaml = (lmsUrl: string): string =>
  JSON.stringify({ ...PATIENCE, services: services(lmsUrl) }, undefined, 2)

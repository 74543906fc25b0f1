import { z } from 'zod'
import { routesSchema } from '../routes/settings.ts'
import { ALLOWED, objectionTo } from '../telemetry/instrumentations/known.ts'
import { consumersSchema, producersSchema } from '../topology/outside.ts'

/** Longest time that any setting may name: 30 days. */
const MONTH = 30 * 24 * 3_600_000

const milliseconds = (least: number, most = MONTH) => z.int().min(least).max(most)

const dataDirectory = z
  .string()
  .min(1)
  .default('./.mesh')
  .describe(
    'Directory that holds everything the mesh keeps; made at the first start. Relative to the working directory. One process at a time owns it.',
  )

const pluginsSchema = z
  .array(z.string().min(1))
  .default([])
  .describe(
    'Plugins to load: files, relative to this file (`./certificates/plugin.js`), or installed packages by name (`@vendor/certificates`).',
  )

const sasl = z
  .strictObject({
    mechanism: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
      .describe(
        'SASL mechanism: `scram-sha-256`, `scram-sha-512` or `plain`, which sends the password itself: only with `tls`.',
      ),
    username: z.string().min(1).describe('User that the brokers know.'),
    password: z.string().min(1).meta({ secret: true, description: 'Password of that user.' }),
  })
  .describe('Credentials for the brokers; left out where they ask for none.')

const tls = z
  .strictObject({
    ca: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with the certificates of the authorities to trust (PEM), besides those that Node trusts.',
      ),
    cert: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with the client certificate and those between it and its authority (PEM), for mutual TLS.',
      ),
    key: z
      .string()
      .min(1)
      .optional()
      .describe('File with the key of the client certificate (PEM, without a passphrase).'),
  })
  .describe('TLS to the brokers; an empty object is enough. Certificates are always verified.')

const kafka = z
  .strictObject({
    bootstrapServers: z
      .string()
      .regex(
        /^[^\s,:]+:\d{1,5}(\s*,\s*[^\s,:]+:\d{1,5})*$/,
        'must be host:port, or several with commas between',
      )
      .describe('Brokers to ask first, `host:port` with commas between. The others are found through them.'),
    clientId: z.string().min(1).default('commerce-mesh').describe('Name that the brokers log and meter.'),
    topicPrefix: z
      .string()
      .regex(/^[a-zA-Z0-9._-]{0,100}$/, 'may have letters, digits, dots, dashes and underscores')
      .default('')
      .describe(
        'Put in front of the names of topics and consumer groups, for a cluster that others use too.',
      ),
    replicationFactor: z
      .int()
      .min(1)
      .max(9)
      .default(3)
      .describe('Replicas of topics that are made from now on. 1 is for one broker on a laptop.'),
    minInsyncReplicas: z
      .int()
      .min(1)
      .max(9)
      .default(2)
      .describe(
        'Replicas that must have a record before it counts as accepted. Topics with less are refused at the start.',
      ),
    createTopics: z
      .boolean()
      .default(true)
      .describe('Make missing topics at the start. Off: somebody runs `mesh topics apply` beforehand.'),
    sessionTimeoutMs: milliseconds(1_000, 300_000)
      .default(15_000)
      .describe(
        'Silence after which the brokers give a member’s partitions to others, in milliseconds; within the brokers’ group.min.session.timeout.ms and max.',
      ),
    requestTimeoutMs: milliseconds(500, 120_000)
      .default(5_000)
      .describe('Time that a produce request may take before the caller is told that nothing was accepted.'),
    sasl: sasl.optional(),
    tls: tls.optional(),
  })
  .describe('How to reach Kafka; for `driver: kafka`.')

const bus = z
  .strictObject({
    driver: z
      .enum(['embedded', 'kafka'])
      .default('embedded')
      .describe('What carries the events: `embedded` is a log in the data directory, `kafka` is a cluster.'),
    partitions: z
      .int()
      .min(1)
      .max(1_000)
      .default(6)
      .describe(
        'Partitions of a topic. A start makes missing topics with as many and leaves the others as they are; `mesh topics apply` adds those that a topic lacks. None is ever taken away.',
      ),
    retentionDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(30)
      .describe(
        'Days that a record stays in the log: embedded, after every service has handled it; Kafka, at least. Audits look at what the log still holds.',
      ),
    kafka: kafka.optional(),
  })
  .prefault({})
  .describe('The bus: what carries the events.')

const mongodb = z
  .strictObject({
    url: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
      .describe(
        'Connection string, such as mongodb://127.0.0.1:27017; take credentials from the environment.',
      ),
    database: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{1,60}$/, 'may have letters, digits, dashes and underscores')
      .default('commerce_mesh')
      .describe('Database that holds the mesh’s collections. All services of one mesh share it.'),
    timeoutMs: milliseconds(500, 120_000)
      .default(5_000)
      .describe('Time that one read or write may take, in milliseconds.'),
  })
  .describe('How to reach MongoDB; for `driver: mongodb`.')

const store = z
  .strictObject({
    driver: z
      .enum(['sqlite', 'mongodb'])
      .default('sqlite')
      .describe('What keeps the state: `sqlite` is a file in the data directory, `mongodb` is a database.'),
    mongodb: mongodb.optional(),
  })
  .prefault({})
  .describe('The store: what keeps the state.')

const telemetry = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address, such as http://127.0.0.1:4318' })
      .refine((url) => !/\/v1\/(traces|metrics|logs)\/?$/.test(url), {
        error: 'must be without the path of a signal (/v1/traces): the mesh adds it',
      })
      .optional()
      .describe(
        'OTLP/HTTP address of the collector, without the path, such as http://127.0.0.1:4318. Without it no span or metric is sent; `/metrics` is always there.',
      ),
    headers: z
      .record(z.string().min(1), z.string())
      .default({})
      .meta({ secret: true, description: 'Headers that the collector asks for.' }),
    sampling: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'Share of the traces that begin here and are kept, 0 to 1. A trace that began elsewhere keeps what was decided there.',
      ),
    metrics: z.boolean().default(true).describe('Send the metrics to the collector too, every 30 seconds.'),
    instrumentations: z
      .array(z.enum(ALLOWED, { error: ({ input }) => objectionTo(String(input)) }))
      .default([])
      .describe(
        'OpenTelemetry auto-instrumentations to add to the mesh’s own spans, such as `mongodb` or `dns`; needs Node’s --import (docs/telemetry.md).',
      ),
  })
  .prefault({})
  .describe('OpenTelemetry: traces and metrics by OTLP.')

const status = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 in a container.'),
    port: z.int().min(0).max(65_535).default(8090).describe('Port; 0 takes a free one.'),
  })
  .prefault({})
  .describe(
    'Where a service that runs on its own and has no edge answers /healthz, /readyz and /metrics (`mesh run`).',
  )

const retry = z
  .strictObject({
    initialMs: milliseconds(10).default(1_000).describe('Pause before the second attempt, in milliseconds.'),
    factor: z.number().min(1).max(10).default(2).describe('Each pause is this many times the one before.'),
    maxMs: milliseconds(10)
      .default(3_600_000)
      .describe('Longest pause between two attempts, in milliseconds.'),
    jitter: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe(
        'Share by which a pause is made shorter at random, 0 to 1, so that waiting orders do not all come back at once.',
      ),
    windowHours: z
      .number()
      .positive()
      .max(30 * 24)
      .default(72)
      .describe(
        'How long a transient failure is tried again before the record becomes a dead letter of class `exhausted`, in hours.',
      ),
  })
  .prefault({})
  .describe('How often a transient failure is tried again.')

const breaker = z
  .strictObject({
    failures: z
      .int()
      .min(1)
      .max(1_000)
      .default(5)
      .describe('Failures of the other side in a row that open the breaker.'),
    coolDownMs: milliseconds(10).default(2_000).describe('Pause before the first probe, in milliseconds.'),
    maxCoolDownMs: milliseconds(10)
      .default(30_000)
      .describe('Longest pause between two probes, in milliseconds.'),
  })
  .prefault({})
  .describe(
    'The breaker: holds a service back while the other side is down; no attempts are spent meanwhile.',
  )

const log = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least severe level that is logged.'),
  })
  .prefault({})
  .describe('Logging.')

/** The settings of the runtime: everything in mesh.yaml but the services' own sections. */
export const runtimeShape = {
  data: dataDirectory,
  plugins: pluginsSchema,
  routes: routesSchema,
  producers: producersSchema,
  consumers: consumersSchema,
  bus,
  store,
  retry,
  breaker,
  deadlineMs: milliseconds(10, 3_600_000)
    .default(120_000)
    .describe('Time that one attempt of a handler may take, in milliseconds.'),
  graceMs: milliseconds(0, 3_600_000)
    .default(10_000)
    .describe(
      'Time that running handlers get to finish when the mesh stops, in milliseconds. What does not finish is done again at the next start.',
    ),
  log,
  telemetry,
  status,
}

/** Schema of the runtime's settings alone. An empty object gives every default. */
export const runtimeSchema = z.strictObject(runtimeShape)

/** How to reach Kafka: `bus.kafka`. */
export type KafkaSettings = z.output<typeof kafka>

/** How to reach MongoDB: `store.mongodb`. */
export type MongodbSettings = z.output<typeof mongodb>

/** OpenTelemetry: `telemetry`. */
export type TelemetrySettings = z.output<typeof telemetry>

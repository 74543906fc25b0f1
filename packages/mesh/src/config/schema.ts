import { z } from 'zod'

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

const bus = z
  .strictObject({
    driver: z
      .literal('embedded')
      .default('embedded')
      .describe('What carries the events: `embedded` is a log in the data directory.'),
    partitions: z
      .int()
      .min(1)
      .max(1_000)
      .default(6)
      .describe('Partitions of topics that are made from now on. Topics that exist keep theirs.'),
    retentionDays: z
      .int()
      .min(1)
      .max(3_650)
      .default(30)
      .describe(
        'Days that a record stays in the log after every service has handled it. Audits look at what the log still holds.',
      ),
  })
  .prefault({})
  .describe('The bus: what carries the events.')

const store = z
  .strictObject({
    driver: z
      .literal('sqlite')
      .default('sqlite')
      .describe('What keeps the state: `sqlite` is a file in the data directory.'),
  })
  .prefault({})
  .describe('The store: what keeps the state.')

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
}

/** Schema of the runtime's settings alone. An empty object gives every default. */
export const runtimeSchema = z.strictObject(runtimeShape)

import { MeshError } from '../../errors/mesh-error.ts'
import { nearestKey } from '@commerce-mesh/contracts'

/** Instrumentations that would make again what the mesh makes itself, and what that is. */
const REFUSED: Readonly<Record<string, string>> = {
  http: 'the gateway makes the spans of its requests itself',
  express: 'the gateway makes the spans of its requests itself',
  router: 'the gateway makes the spans of its requests itself',
  connect: 'the gateway makes the spans of its requests itself',
  kafkajs: 'the mesh makes the spans of sending and processing itself, on every bus',
  undici: 'fulfillment makes the spans of its calls to the LMS itself',
  pino: 'log lines carry trace_id and span_id already',
  'host-metrics': 'the mesh’s metrics have the process’s own among them',
  'runtime-node': 'the mesh’s metrics have the process’s own among them',
}

/** What may be added: what @opentelemetry/auto-instrumentations-node brings, besides those. */
export const ALLOWED: readonly string[] = [
  'amqplib',
  'aws-lambda',
  'aws-sdk',
  'bunyan',
  'cassandra-driver',
  'cucumber',
  'dataloader',
  'dns',
  'fs',
  'generic-pool',
  'graphql',
  'grpc',
  'hapi',
  'ioredis',
  'knex',
  'koa',
  'lru-memoizer',
  'memcached',
  'mongodb',
  'mongoose',
  'mysql',
  'mysql2',
  'nestjs-core',
  'net',
  'openai',
  'oracledb',
  'pg',
  'redis',
  'restify',
  'socket.io',
  'tedious',
  'winston',
]

/** Whether this one may be added to the mesh's own spans. */
export const isAllowed = (name: string): boolean => ALLOWED.includes(name)

/** Why one may not be added, in words; undefined where it may. */
export const objectionTo = (name: string): string | undefined => {
  if (isAllowed(name)) return undefined
  const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined
  if (why !== undefined) return `'${name}' is not needed and would show everything twice: ${why}`
  const nearest = nearestKey(name, ALLOWED)
  return `there is no instrumentation '${name}'${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`
}

/** Refuses names that don't exist or would double the mesh's own spans. @throws MeshError MESH_CONFIG_INVALID */
export const demandAllowed = (names: readonly string[]): void => {
  const findings = names.flatMap((name) => objectionTo(name) ?? [])
  if (findings.length === 0) return
  throw new MeshError('MESH_CONFIG_INVALID', `telemetry.instrumentations: ${findings.join('; ')}.`, {
    action:
      'Take these names out of telemetry.instrumentations; docs/telemetry.md lists those that may be added.',
  })
}

import { JAEGER_VERSION, jaegerProgram } from '../jaeger/build.ts'
import { jaegerAnswers, jaegerLog, launchJaeger, untilJaegerAnswers } from '../jaeger/server.ts'
import type { JaegerPlan } from '../jaeger/server.ts'
import { idOf } from './engine.ts'
import type { Engine } from './engine.ts'

const planOf = (folder: string, [query = 0, otlp = 0, queryGrpc = 0]: readonly number[]): JaegerPlan => ({
  folder,
  ports: { query, otlp, queryGrpc },
})

const local = (port = 0): string => `http://127.0.0.1:${port}`

/** Jaeger, with its traces in memory. Its ports: query and pages, OTLP over HTTP, query over gRPC. */
export const jaegerEngine: Engine = {
  name: 'jaeger',
  label: { recipe: `Jaeger ${JAEGER_VERSION} (its pages are not part of this build)`, docker: 'Jaeger' },
  composeService: 'jaeger',
  // It keeps nothing, and its own way to an end takes ten seconds.
  graceMs: 1_000,
  knownPorts: () => [16_686, 4_318, 16_685],
  addresses: ([query, otlp]) => ({ query: local(query), otlp: local(otlp) }),
  logs: ({ data }) => [jaegerLog({ folder: data })],
  launch: async ({ data, ports, recipes, say }) => {
    const program = await jaegerProgram(recipes, say)
    return [{ name: 'server', ...(await launchJaeger(planOf(data, ports), program)), port: ports[0] ?? 0 }]
  },
  untilReady: async ({ data, ports }, [record]) => {
    if (record !== undefined) await untilJaegerAnswers(planOf(data, ports), idOf(record))
  },
  container: ([query = 0, otlp = 0]) => ({ ports: { 16_686: query, 4_318: otlp } }),
  answersInDocker: ([query, otlp]) => jaegerAnswers(local(query), local(otlp)),
  meshEnvironment: () => ({}),
  testEnvironment: ({ query = '', otlp = '' }) => ({ MESH_TEST_JAEGER: query, MESH_TEST_OTLP: otlp }),
  meshYaml: ({ otlp = '' }) => `telemetry:
  endpoint: ${otlp}`,
}

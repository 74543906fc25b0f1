import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isRunning } from '../process/identity.ts'
import type { ProcessId } from '../process/identity.ts'
import { launch } from '../process/launch.ts'
import { untilReady } from '../process/ready.ts'

/** A Jaeger to start. It keeps its traces in memory. */
export type JaegerPlan = {
  /** Its configuration and its log. */
  readonly folder: string
  /** Ports on 127.0.0.1: the query API and the pages, OTLP over HTTP, and the query API over gRPC, which nobody uses. */
  readonly ports: { readonly query: number; readonly otlp: number; readonly queryGrpc: number }
}

/** Traces that are kept; older ones make room. */
const MAX_TRACES = 50_000

const START_MS = 30_000

/** Configuration of a Jaeger that takes OTLP over HTTP and keeps everything in memory. */
const jaegerConfig = ({ ports }: JaegerPlan) => ({
  service: {
    extensions: ['jaeger_storage', 'jaeger_query'],
    pipelines: {
      traces: { receivers: ['otlp'], processors: ['batch'], exporters: ['jaeger_storage_exporter'] },
    },
    telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
  },
  extensions: {
    jaeger_storage: { backends: { memory: { memory: { max_traces: MAX_TRACES } } } },
    jaeger_query: {
      storage: { traces: 'memory' },
      http: { endpoint: `127.0.0.1:${ports.query}` },
      grpc: { endpoint: `127.0.0.1:${ports.queryGrpc}` },
    },
  },
  receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports.otlp}` } } } },
  // Spans can be found a moment after they were sent, not five seconds later.
  processors: { batch: { timeout: '100ms' } },
  exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
})

/** Log file of a Jaeger. */
export const jaegerLog = ({ folder }: Pick<JaegerPlan, 'folder'>): string => path.join(folder, 'jaeger.log')

/** Starts Jaeger; it is not ready yet. @throws EngineError */
export const launchJaeger = (plan: JaegerPlan, program: string): Promise<ProcessId> => {
  mkdirSync(plan.folder, { recursive: true })
  // JSON is YAML.
  const file = path.join(plan.folder, 'jaeger.yaml')
  writeFileSync(file, `${JSON.stringify(jaegerConfig(plan), undefined, 2)}\n`)
  return launch({ command: program, args: ['--config', file], log: jaegerLog(plan), detached: true })
}

/** Whether the query API answers and spans are taken. @throws Error when nobody answers */
export const jaegerAnswers = async (queryUrl: string, otlpUrl: string): Promise<boolean> => {
  const signal = AbortSignal.timeout(2_000)
  const query = await fetch(`${queryUrl}/api/services`, { signal })
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ resourceSpans: [] })
  const spans = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body, signal })
  return query.ok && spans.ok
}

/** Waits until Jaeger answers. @throws EngineError */
export const untilJaegerAnswers = (plan: JaegerPlan, id: ProcessId): Promise<void> =>
  untilReady({
    what: 'Jaeger',
    hasEnded: () => !isRunning(id),
    log: jaegerLog(plan),
    timeoutMs: START_MS,
    ask: () => jaegerAnswers(`http://127.0.0.1:${plan.ports.query}`, `http://127.0.0.1:${plan.ports.otlp}`),
  })

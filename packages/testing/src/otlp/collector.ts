import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { readMetrics, readSpans } from './read-otlp.ts'
import type { CollectedMetric, CollectedSpan } from './span.ts'

/** How a collector answers from now on: as it should, with a status, or not at all. */
export type CollectorMood = 'well' | 'silent' | { readonly status: number; readonly body?: string }

/** An OTLP/HTTP collector (JSON) that keeps what it gets. */
export type OtlpCollector = {
  /** For `telemetry.endpoint`. */
  readonly url: string
  readonly port: number
  /** Every span so far, in the order in which they came. */
  spans(): readonly CollectedSpan[]
  /** The latest values of each metric of each service. */
  metrics(): readonly CollectedMetric[]
  /** Headers of the last request. */
  lastHeaders(): Readonly<Record<string, string | readonly string[] | undefined>>
  /** Requests so far, also those that were refused. */
  requests(): number
  /** Requests that were no OTLP in JSON, and why. */
  faults(): readonly string[]
  behave(mood: CollectorMood): void
  /** Forgets what came so far. */
  clear(): void
  close(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
  return JSON.parse(plain.toString('utf8'))
}

const answer = (response: ServerResponse, status: number, body: string): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

/**
 * Starts a collector on the loopback.
 *
 * @param port - default 0: any free one.
 */
export const startOtlpCollector = async ({ port = 0 }: { port?: number } = {}): Promise<OtlpCollector> => {
  const spans: CollectedSpan[] = []
  const metrics = new Map<string, CollectedMetric>()
  const faults: string[] = []
  let mood: CollectorMood = 'well'
  let requests = 0
  let lastHeaders: IncomingMessage['headers'] = {}

  const take = (path: string | undefined, body: unknown): boolean => {
    if (path === '/v1/traces') spans.push(...readSpans(body))
    else if (path === '/v1/metrics')
      for (const metric of readMetrics(body)) metrics.set(`${metric.service} ${metric.name}`, metric)
    else return false
    return true
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests++
    lastHeaders = request.headers
    if (mood === 'silent') return
    const body = await bodyOf(request)
    if (mood !== 'well') return answer(response, mood.status, mood.body ?? '{}')
    if (!take(request.url, body)) throw new Error(`${request.url} is no path of OTLP`)
    answer(response, 200, '{"partialSuccess":{}}')
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((thrown: unknown) => {
      faults.push(Error.isError(thrown) ? thrown.message : String(thrown))
      if (!response.headersSent) answer(response, 400, '{}')
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    spans: () => spans,
    metrics: () => [...metrics.values()],
    lastHeaders: () => lastHeaders,
    requests: () => requests,
    faults: () => faults,
    behave: (next) => {
      mood = next
    },
    clear: () => {
      spans.length = 0
      faults.length = 0
      metrics.clear()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

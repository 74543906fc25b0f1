import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'
import type { MeshConfig } from '../config/config.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Health } from './health.ts'

/** Answers `/healthz`, `/readyz` and `/metrics` for a service that has no edge of its own. */
export type StatusServer = { readonly url: string; close(): Promise<void> }

/** Whoever asks is a probe or a scraper: few connections, short requests. */
const LIMITS = { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 }
const MAX_CONNECTIONS = 64

const answerJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/**
 * Starts it.
 *
 * @throws MeshError MESH_PORT_TAKEN
 */
export const startStatusServer = async (
  { host, port }: MeshConfig['status'],
  { health, metrics }: { health: Health; metrics: Metrics },
): Promise<StatusServer> => {
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    if (path === '/healthz') return answerJson(response, 200, { alive: true })
    if (path === '/readyz') {
      const readiness = await health.readiness()
      return answerJson(response, readiness.ready ? 200 : 503, readiness)
    }
    if (path !== '/metrics')
      return answerJson(response, 404, { detail: 'There are /healthz, /readyz and /metrics.' })
    const text = await metrics.text()
    response.writeHead(200, { 'content-type': metrics.contentType })
    response.end(text)
  }
  const server = createServer(LIMITS, (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answerJson(response, 405, { detail: 'Only GET.' })
    const [path = ''] = (request.url ?? '').split('?')
    answer(path, response).catch(() => {
      if (response.headersSent) response.destroy()
      else answerJson(response, 500, { detail: 'This could not be read just now.' })
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new MeshError('MESH_PORT_TAKEN', `The status server can't listen on ${host}:${port}.`, {
      cause,
      action: 'Choose another port with status.port, or 0 for a free one.',
    })
  }
  const address = server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

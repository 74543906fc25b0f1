import http from 'node:http'
import https from 'node:https'
import type { Logger } from 'pino'
import type { TelemetrySettings } from '../../config/schema.ts'

/** Time that one export may take with its repetitions, in milliseconds. */
const EXPORT_TIMEOUT_MS = 3_000

/** What exporters answer when all went well: ExportResultCode.SUCCESS. */
export const EXPORTED = 0

/** The same trouble is told once in this time. */
const TELL_EVERY_MS = 60_000

/** Where spans and metrics go. */
export type Collector = {
  /** Options of an OTLP/HTTP exporter. */
  exporter(signal: 'traces' | 'metrics'): {
    url: string
    headers: Record<string, string>
    timeoutMillis: number
    httpAgentOptions: () => http.Agent
  }
  /** Says that something could not be sent, once a minute at most. */
  failed(what: string, count: number, error: unknown): void
  /** Breaks what is still under way, and lets nothing begin. */
  close(): void
}

/** An address as it may be shown: an operator may have put a password into it. */
const shown = (endpoint: string): string => {
  const { protocol, host, pathname } = new URL(endpoint)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}

/** A code of the network or a status; the collector's own words may repeat what it was sent. */
const causeOf = (error: unknown): string => {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown }
  if (typeof code === 'number') return `HTTP ${code}`
  if (typeof code === 'string') return code
  if (message === 'Request timed out' || message === 'Timeout') return 'timeout'
  return typeof name === 'string' ? name : 'unknown'
}

/** Reaches the collector of the settings. */
export const createCollector = (
  endpoint: string,
  headers: TelemetrySettings['headers'],
  log: Pick<Logger, 'warn'>,
  now: () => number = () => performance.now(),
): Collector => {
  const base = endpoint.replace(/\/+$/, '')
  const agent = new (base.startsWith('https:') ? https : http).Agent({ keepAlive: true })
  let toldAt = -Infinity
  return {
    exporter: (signal) => ({
      url: `${base}/v1/${signal}`,
      headers: { ...headers },
      timeoutMillis: EXPORT_TIMEOUT_MS,
      httpAgentOptions: () => agent,
    }),
    failed: (what, count, error) => {
      if (now() - toldAt < TELL_EVERY_MS) return
      toldAt = now()
      log.warn(
        { endpoint: shown(endpoint), cause: causeOf(error), count },
        `${what} could not be sent to the collector; the mesh goes on without (told once a minute)`,
      )
    },
    close: () => {
      agent.destroy()
      // The exporter would try again, and keep a process alive that has nothing else to do.
      agent.createConnection = () => {
        throw new Error('The mesh has stopped.')
      }
    },
  }
}

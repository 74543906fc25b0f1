import type { Logger } from 'pino'
import description from '../../package.json' with { type: 'json' }
import type { TelemetrySettings } from '../config/schema.ts'
import { demandAllowed } from './instrumentations/known.ts'
import { loadedInstrumentations } from './instrumentations/loaded.ts'
import type { Metrics } from './metrics.ts'
import { type Tracer, silentTracer } from './span.ts'

/** Where the spans of this process's services go. */
export type Telemetry = {
  /** Makes the spans of a service. */
  tracer(service: string): Tracer
  /** Sends what is left, for at most `ms` milliseconds. */
  close(ms: number): Promise<void>
}

/** What spans and metrics are sent with. */
export type TelemetryParts = {
  readonly log: Logger
  /** Sent by OTLP too; and where dropped spans are counted. */
  readonly metrics: Metrics
  /** Services of this process. */
  readonly services: readonly string[]
}

const silence: Telemetry = { tracer: () => silentTracer, close: async () => {} }

const warnAboutInstrumentations = (
  { endpoint, instrumentations }: TelemetrySettings,
  log: Pick<Logger, 'warn'>,
): void => {
  if (instrumentations.length === 0) return
  const loaded = loadedInstrumentations()
  const missing = instrumentations.filter((name) => !(loaded ?? []).includes(name))
  if (endpoint === undefined)
    log.warn({ instrumentations }, 'telemetry.instrumentations has no effect without telemetry.endpoint')
  else if (loaded === undefined)
    log.warn(
      { instrumentations },
      'telemetry.instrumentations has no effect: start Node with --import and the mesh’s instrument.ts (docs/telemetry.md)',
    )
  else if (missing.length > 0)
    log.warn({ missing }, 'these instrumentations were not loaded: the preload read another mesh.yaml')
}

/**
 * Opens what sends spans and metrics. Without an endpoint nothing of OpenTelemetry's SDK is loaded, and trace context is
 * only handed on.
 *
 * @throws MeshError MESH_CONFIG_INVALID where an instrumentation is asked for that can't be had.
 */
export const openTelemetry = async (
  settings: TelemetrySettings,
  parts: TelemetryParts,
): Promise<Telemetry> => {
  demandAllowed(settings.instrumentations)
  warnAboutInstrumentations(settings, parts.log)
  if (settings.endpoint === undefined) return silence
  const { startTelemetry } = await import('./otlp/start.ts')
  return startTelemetry(settings.endpoint, settings, { ...parts, version: description.version })
}

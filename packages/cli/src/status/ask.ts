import { MeshError } from '@commerce-mesh/mesh'
import type { ServiceProgress } from '@commerce-mesh/mesh'
import { send } from '../client/http-call.ts'
import type { Endpoint } from '../client/http-call.ts'
import { httpClient } from '../client/http-client.ts'
import type { MeshClient } from '../client/mesh-client.ts'
import { readReadiness } from '../client/readiness.ts'
import { readSamples, totalBy } from './samples.ts'

/** How far a service is. */
type ServiceStatus = {
  readonly service: string
  /** Undefined: it runs in another process, whose own metrics say so. */
  readonly breakerOpen?: boolean | undefined
  /** Undefined: the bus could not be asked. */
  readonly lag?: number | undefined
  /** Undefined: the store could not be asked. */
  readonly waiting?: number | undefined
  /** Undefined like `breakerOpen`. */
  readonly inFlight?: number | undefined
}

/** What a mesh says of itself, or its engines of it. */
export type MeshStatus = {
  /** Address of the mesh, or which engines were asked. */
  readonly url: string
  /** Undefined where the engines were asked: they don't know who runs. */
  readonly ready?: boolean | undefined
  readonly problems: Readonly<Record<string, string>>
  /** Why services are held back. */
  readonly notes: Readonly<Record<string, string>>
  readonly services: readonly ServiceStatus[]
  /** Undefined: the store could not be asked. */
  readonly deadLetters?: number | undefined
}

/** Services that run elsewhere, as the gateway knows them from the engines; nothing without a key that may ask. */
const askElsewhere = async (endpoint: Endpoint): Promise<readonly ServiceProgress[]> => {
  if (endpoint.key === undefined) return []
  try {
    return await httpClient(endpoint).progress()
  } catch {
    return []
  }
}

/** Asks `/readyz`, `/metrics` and `/v1/services`. @throws MeshError MESH_GATEWAY_UNREACHABLE */
export const askStatus = async (endpoint: Endpoint): Promise<MeshStatus> => {
  const [readiness, metrics, progress] = await Promise.all([
    send(endpoint, { path: '/readyz' }),
    send(endpoint, { path: '/metrics' }),
    askElsewhere(endpoint),
  ])
  if (metrics.status !== 200)
    throw new MeshError(
      'MESH_GATEWAY_UNREACHABLE',
      `What answers at ${endpoint.url} is no mesh: status ${metrics.status}.`,
    )
  const samples = readSamples(metrics.text)
  const lag = totalBy(samples, 'mesh_lag_records', 'service')
  const breaker = totalBy(samples, 'mesh_breaker_open', 'service')
  const waiting = totalBy(samples, 'mesh_waiting_records', 'service')
  const inFlight = totalBy(samples, 'mesh_in_flight', 'service')
  const names = [
    ...new Set([...lag.keys(), ...breaker.keys(), ...waiting.keys(), ...inFlight.keys()]),
  ].toSorted()
  const here = names.map((service) => ({
    service,
    breakerOpen: (breaker.get(service) ?? 0) > 0,
    lag: lag.get(service),
    waiting: waiting.get(service),
    inFlight: inFlight.get(service) ?? 0,
  }))
  const elsewhere = progress.filter(({ service }) => !names.includes(service))
  const services = [
    ...here,
    ...elsewhere.map(({ service, lag, waiting }) => ({ service, lag, waiting })),
  ].toSorted((a, b) => a.service.localeCompare(b.service))
  const letters = [...totalBy(samples, 'mesh_dead_letters', 'class').values()]
  const deadLetters = letters.length === 0 ? undefined : letters.reduce((sum, value) => sum + value, 0)
  return { url: endpoint.url, ...readReadiness(readiness.text), services, deadLetters }
}

/** Most open dead letters that are counted one by one. */
export const MOST_LETTERS = 1_000

/** Asks the engines how far each service is. @throws MeshError MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE */
export const askEngines = async (
  mesh: Pick<MeshClient, 'where' | 'progress' | 'deadLetters'>,
): Promise<MeshStatus> => {
  const [progress, letters] = await Promise.all([
    mesh.progress(),
    mesh.deadLetters({ status: 'open', limit: MOST_LETTERS }),
  ])
  return {
    url: mesh.where,
    problems: {},
    notes: {},
    services: progress.map(({ service, lag, waiting }) => ({ service, lag, waiting })),
    deadLetters: letters.length,
  }
}

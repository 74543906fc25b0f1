import { MeshError, isMeshError, readOwner } from '@commerce-mesh/mesh'
import type { ServiceProgress } from '@commerce-mesh/mesh'
import { send } from '../client/http-call.ts'
import type { Endpoint } from '../client/http-call.ts'
import { httpClient } from '../client/http-client.ts'
import { actionOf, readReadiness } from '../client/readiness.ts'
import { findRunning } from '../client/running-mesh.ts'
import { needRunning } from '../order/place.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { dataDirectory } from '../data/place.ts'
import type { Paint } from '../terminal/paint.ts'
import { layTable } from '../terminal/table.ts'
import { callOf, plainCall } from '../terminal/call.ts'
import type { Call } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { readSamples, totalBy } from './samples.ts'

/** What a mesh says of itself. */
export type MeshStatus = {
  readonly url: string
  readonly ready: boolean
  readonly problems: Readonly<Record<string, string>>
  /** Why services are held back. */
  readonly notes: Readonly<Record<string, string>>
  readonly services: readonly {
    readonly service: string
    /** Undefined: it runs in another process, whose own metrics say so. */
    readonly breakerOpen?: boolean
    readonly lag: number
    readonly waiting: number
    /** Undefined like `breakerOpen`. */
    readonly inFlight?: number
  }[]
  readonly deadLetters: number
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
    lag: lag.get(service) ?? 0,
    waiting: waiting.get(service) ?? 0,
    inFlight: inFlight.get(service) ?? 0,
  }))
  const elsewhere = progress.filter(({ service }) => !names.includes(service))
  const services = [
    ...here,
    ...elsewhere.map(({ service, lag, waiting }) => ({ service, lag, waiting })),
  ].toSorted((a, b) => a.service.localeCompare(b.service))
  const deadLetters = [...totalBy(samples, 'mesh_dead_letters', 'class').values()].reduce(
    (sum, value) => sum + value,
    0,
  )
  return { url: endpoint.url, ...readReadiness(readiness.text), services, deadLetters }
}

const noteLines = (service: string, note: string, paint: Paint): readonly string[] => {
  const action = actionOf(note)
  return [paint.yellow(`${service}: ${note}`), ...(action === undefined ? [] : [`  To do: ${action}`])]
}

/** A status as lines for people. */
export const renderStatus = (status: MeshStatus, paint: Paint, call: Call = plainCall): readonly string[] => {
  const rows = status.services.map(({ service, breakerOpen, lag, waiting, inFlight }) => [
    service,
    breakerOpen === undefined ? 'elsewhere' : breakerOpen ? 'open' : 'closed',
    lag,
    waiting,
    inFlight ?? '',
  ])
  const open = status.services
    .filter(({ service, breakerOpen }) => breakerOpen === true && status.notes[service] === undefined)
    .map(({ service }) => service)
  return [
    `${status.url}  ${status.ready ? paint.green('ready') : paint.red('not ready')}`,
    ...Object.entries(status.problems).map(([name, problem]) => `  ${paint.red(name)}: ${problem}`),
    '',
    ...layTable([['service', 'breaker', 'lag', 'waiting', 'in flight'], ...rows]),
    '',
    status.deadLetters === 0
      ? 'No dead letters.'
      : paint.yellow(
          `${status.deadLetters} dead letter${status.deadLetters === 1 ? '' : 's'}: ${call('dead list')}`,
        ),
    ...Object.entries(status.notes).flatMap(([service, note]) => noteLines(service, note, paint)),
    ...(open.length === 0
      ? []
      : [
          paint.yellow(
            `${open.join(', ')}: what it depends on is down or throttling; orders wait in the log and go on by themselves.`,
          ),
        ]),
  ]
}

/** Nobody answers where `owner.json` says: its process is starting or was killed. */
const notAnswering = (thrown: unknown, data: string): unknown => {
  const owner = readOwner(data)
  if (!isMeshError(thrown, 'MESH_GATEWAY_UNREACHABLE') || owner === undefined) return thrown
  const who = `Process ${owner.pid}, started ${owner.startedAt}, was the last to own the data; it is starting, or was killed.`
  return new MeshError('MESH_GATEWAY_UNREACHABLE', `${thrown.message} ${who}`, { cause: thrown })
}

/** `mesh status`. */
export const showStatus = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const data = dataDirectory(input, terminal)
  try {
    const status = await askStatus({ ...needRunning(input, terminal), timeoutMs: 5_000 })
    if (input.on('json')) terminal.out(JSON.stringify(status, undefined, 2))
    else for (const line of renderStatus(status, terminal.paint, callOf(input, terminal))) terminal.out(line)
    return status.ready ? EXIT.ok : EXIT.failed
  } catch (thrown) {
    throw findRunning(input, terminal, data)?.named === true ? thrown : notAnswering(thrown, data)
  }
}

import type { FoundOrders, OrderStatus } from '@commerce-mesh/gateway'
import { isMeshError } from '@commerce-mesh/mesh'
import type { AuditReport, DeadLetter, ServiceProgress } from '@commerce-mesh/mesh'
import { callJson } from './http-call.ts'
import { askNotes } from './readiness.ts'
import type { Endpoint } from './http-call.ts'
import type { MeshClient } from './mesh-client.ts'

/** An audit reads every record that the log holds, a search all orders: ten minutes. */
const LONG_TIMEOUT_MS = 600_000

const letterPath = (id: string, action = '') => `/v1/dead-letters/${encodeURIComponent(id)}${action}`

const queryOf = (filter: Readonly<Record<string, string | number | undefined>>): string => {
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    ),
  )
  return query.size === 0 ? '' : `?${query.toString()}`
}

/** A running mesh, over the gateway's HTTP. What it answers is trusted to be what /openapi.json says. */
export const httpClient = (endpoint: Endpoint): MeshClient => {
  const get = (path: string) => callJson(endpoint, { path })
  const getSlowly = (path: string) => callJson({ ...endpoint, timeoutMs: LONG_TIMEOUT_MS }, { path })
  const post = (path: string, body: unknown) =>
    callJson(endpoint, { method: 'POST', path, body: JSON.stringify(body) })
  return {
    where: endpoint.url,
    order: async (orderNumber) => {
      try {
        return (await get(`/v1/orders/${encodeURIComponent(orderNumber)}`)) as OrderStatus
      } catch (thrown) {
        if (isMeshError(thrown, 'MESH_ORDER_UNKNOWN')) return undefined
        throw thrown
      }
    },
    deadLetters: async (filter) =>
      ((await get(`/v1/dead-letters${queryOf(filter)}`)) as { deadLetters: DeadLetter[] }).deadLetters,
    deadLetter: async (id) => (await get(letterPath(id))) as DeadLetter,
    redrive: async (id) =>
      (await callJson(endpoint, { method: 'POST', path: letterPath(id, '/redrive') })) as DeadLetter,
    discard: async (id, _by, reason) => (await post(letterPath(id, '/discard'), { reason })) as DeadLetter,
    findOrders: async (clue) => (await getSlowly(`/v1/orders${queryOf(clue)}`)) as FoundOrders,
    audit: async () => (await getSlowly('/v1/audit')) as AuditReport,
    progress: async () => ((await get('/v1/services')) as { services: ServiceProgress[] }).services,
    notes: () => askNotes(endpoint),
    // A gateway that answers is at work on it.
    viewLag: async () => 0,
    close: async () => {},
  }
}

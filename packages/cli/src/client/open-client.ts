import { findOrders, toOrderStatus } from '@commerce-mesh/gateway'
import type { OrderView } from '@commerce-mesh/gateway'
import { openMesh } from '@commerce-mesh/mesh'
import type { MeshConfig, OpenMesh, StartOptions } from '@commerce-mesh/mesh'
import { describeBus, describeStore, isLocal } from '../engines/describe.ts'
import type { MeshClient } from './mesh-client.ts'

/** Most open dead letters of one order that are looked up. */
const MOST_LETTERS = 1_000

/**
 * The data of a mesh, without a gateway in between: a data directory whose mesh does not run, or Kafka and MongoDB.
 * Reading is always possible; redrive and discard take a data directory for a moment.
 *
 * @param services - every service of the mesh, with those of plugins.
 * @throws MeshError MESH_DATA_MISSING, MESH_DATA_NEWER, MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE; redrive and
 * discard also MESH_DATA_IN_USE
 */
export const openClient = async (
  config: MeshConfig,
  services: StartOptions['services'],
): Promise<MeshClient> => {
  const parts = { config, services }
  const reading = await openMesh(parts, 'read')
  const writing = async <T>(work: (mesh: OpenMesh) => Promise<T>): Promise<T> => {
    const mesh = await openMesh(parts, 'write')
    try {
      return await work(mesh)
    } finally {
      await mesh.close()
    }
  }
  const { operations } = reading
  return {
    where: isLocal(config)
      ? `the data in ${config.data}`
      : `bus ${describeBus(config)}, store ${describeStore(config)}`,
    order: async (orderNumber) => {
      const view = await reading.readState<OrderView>('gateway', orderNumber)
      if (view === undefined) return undefined
      const open = await operations.deadLetters({ key: orderNumber, status: 'open', limit: MOST_LETTERS })
      return toOrderStatus(view, new Set(open.map(({ id }) => id)))
    },
    findOrders: (clue) => findOrders(reading.store, clue),
    deadLetters: (filter) => operations.deadLetters(filter),
    deadLetter: (id) => operations.deadLetter(id),
    audit: () => operations.audit(),
    progress: () => operations.progress(),
    redrive: (id, by) => writing((mesh) => mesh.operations.redrive(id, by)),
    discard: (id, by, reason) => writing((mesh) => mesh.operations.discard(id, by, reason)),
    notes: async () => ({}),
    viewLag: async () => (await operations.progress()).find(({ service }) => service === 'gateway')?.lag ?? 0,
    close: () => reading.close(),
  }
}

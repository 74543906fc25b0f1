import { toOrderStatus } from '@commerce-mesh/gateway'
import type { OrderView } from '@commerce-mesh/gateway'
import { defaultConfig, openMesh } from '@commerce-mesh/mesh'
import type { OpenMesh } from '@commerce-mesh/mesh'
import { RUNNABLE } from '../services.ts'
import type { MeshClient } from './mesh-client.ts'

/** Most open dead letters of one order that are looked up. */
const MOST_LETTERS = 1_000

/**
 * The data of a mesh that does not run. Reading is always possible; redrive and discard take the directory for a moment.
 *
 * @param data - data directory.
 * @throws MeshError MESH_DATA_MISSING, MESH_DATA_NEWER; redrive and discard also MESH_DATA_IN_USE
 */
export const offlineClient = async (data: string): Promise<MeshClient> => {
  const parts = { config: { ...defaultConfig(), data }, services: RUNNABLE }
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
    where: `the data in ${data}`,
    order: async (orderNumber) => {
      const view = await reading.readState<OrderView>('gateway', orderNumber)
      if (view === undefined) return undefined
      const open = await operations.deadLetters({ key: orderNumber, status: 'open', limit: MOST_LETTERS })
      return toOrderStatus(view, new Set(open.map(({ id }) => id)))
    },
    deadLetters: (filter) => operations.deadLetters(filter),
    deadLetter: (id) => operations.deadLetter(id),
    audit: () => operations.audit(),
    redrive: (id, by) => writing((mesh) => mesh.operations.redrive(id, by)),
    discard: (id, by, reason) => writing((mesh) => mesh.operations.discard(id, by, reason)),
    notes: async () => ({}),
    close: () => reading.close(),
  }
}

import type { Bus } from '../bus/bus.ts'
import type { Service } from '../service/service.ts'
import type { Store } from '../store/store.ts'
import { whereDeclared } from './where-declared.ts'

/** How far a service is, over all its replicas. */
export type ServiceProgress = {
  readonly service: string
  /** Records behind the offsets that its group has committed. */
  readonly lag: number
  /** Keys whose records wait for a retry. */
  readonly waiting: number
  /** Keys with decisions that are committed but not published yet. */
  readonly unpublished: number
}

/** Asks bus and store; cheap, unlike an audit. @throws MeshError MESH_BUS_UNAVAILABLE, MESH_STORE_UNAVAILABLE */
export const readProgress = ({
  bus,
  store,
  services,
}: {
  bus: Bus
  store: Store
  services: readonly Service<never, never>[]
}): Promise<ServiceProgress[]> =>
  Promise.all(
    services.map(async ({ name, consumes }) => {
      const topics = consumes.map(({ type }) => type)
      const countOf = async (index: string) => (await whereDeclared(() => store.count(name, { index }))) ?? 0
      const lags = await bus.lag(name, topics)
      return {
        service: name,
        lag: lags.reduce((sum, { committed, end }) => sum + end - committed, 0),
        waiting: await countOf('dueAt'),
        unpublished: await countOf('outboxSince'),
      }
    }),
  )

import type { MeshConfig } from '@commerce-mesh/mesh'
import { hostsOf } from '../client/address.ts'

/** Whether everything is in the data directory, so that no other process and no other machine shares it. */
export const isLocal = ({ bus, store }: MeshConfig): boolean =>
  bus.driver === 'embedded' && store.driver === 'sqlite'

/** Where the events go, for people: `kafka at broker-1:9092`. */
export const describeBus = ({ bus }: MeshConfig): string =>
  bus.driver === 'kafka' ? `kafka at ${bus.kafka?.bootstrapServers ?? '?'}` : 'in the data directory'

/** Where the state is kept, for people; hosts and database alone, since a connection string holds secrets. */
export const describeStore = ({ store }: MeshConfig): string =>
  store.driver === 'mongodb'
    ? `mongodb at ${hostsOf(store.mongodb?.url ?? '')}, database ${store.mongodb?.database ?? '?'}`
    : 'in the data directory'

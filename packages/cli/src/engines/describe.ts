import type { MeshConfig } from '@commerce-mesh/mesh'
import { hostsOf } from '../client/address.ts'

/** Whether everything is in the data directory, so that no other process and no other machine shares it. */
export const isLocal = ({ bus, store }: MeshConfig): boolean =>
  bus.driver === 'embedded' && store.driver === 'sqlite'

/**
 * What is wrong with a store that others who share the bus can't see; undefined where all is well. With a copy of a
 * service elsewhere each does part of the orders, and neither knows what the other did.
 */
export const storeWarning = ({ bus, store }: MeshConfig): string | undefined =>
  bus.driver === 'kafka' && store.driver === 'sqlite'
    ? 'The bus is shared and the store is not (a file in the data directory). While another process runs the same services on these brokers, orders are divided between two stores, and `mesh audit` tells of drift: set store.driver to mongodb (--store mongodb), or bus.kafka.topicPrefix to one of your own.'
    : undefined

/** Where the events go, for people: `kafka at broker-1:9092`. */
export const describeBus = ({ bus }: MeshConfig): string =>
  bus.driver === 'kafka' ? `kafka at ${bus.kafka?.bootstrapServers ?? '?'}` : 'in the data directory'

/** Where the state is kept, for people; hosts and database alone, since a connection string holds secrets. */
export const describeStore = ({ store }: MeshConfig): string =>
  store.driver === 'mongodb'
    ? `mongodb at ${hostsOf(store.mongodb?.url ?? '')}, database ${store.mongodb?.database ?? '?'}`
    : 'in the data directory'

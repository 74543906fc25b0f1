import { createHash } from 'node:crypto'
import type { MeshConfig } from './config.ts'

const digestOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)

/** Tells the engines of one mesh from those of another, without a secret. */
export type EngineMark = {
  /** Undefined: the bus is in the data directory. */
  readonly bus?: string
  /** Undefined: the store is in the data directory. */
  readonly store?: string
}

/** The mark of the engines that a configuration names. */
export const engineMark = ({ bus, store }: MeshConfig): EngineMark => ({
  ...(bus.driver === 'kafka' && { bus: digestOf(bus.kafka?.bootstrapServers, bus.kafka?.topicPrefix) }),
  ...(store.driver === 'mongodb' && {
    store: digestOf(store.mongodb?.url.replace(/\/\/[^/?#]*@/, '//'), store.mongodb?.database),
  }),
})

import { setTimeout as delay } from 'node:timers/promises'
import type { Engines, OutgoingRecord } from '@commerce-mesh/mesh'

/** How long after the answer it is written: as a buffer would do that is flushed from time to time. */
const LATER_MS = 1_000

/** Breaks promise 1: accepted is durable. */
export const withoutAckAfterWrite = (engines: Engines): Engines => {
  const { bus } = engines
  const write = async (records: readonly OutgoingRecord[]) => {
    await delay(LATER_MS)
    await bus.publish(records)
  }
  return {
    ...engines,
    bus: {
      ...bus,
      publish: async (records) => {
        write(records).catch(() => {})
        return records.map(({ topic }) => ({ topic, partition: 0 }))
      },
    },
  }
}

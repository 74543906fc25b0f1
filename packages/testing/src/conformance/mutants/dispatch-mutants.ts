import { placeName } from '@commerce-mesh/mesh'
import type { Bus, BusRecord, Subscription } from '@commerce-mesh/mesh'
import { turns } from '../eventually.ts'
import { handling, overriding, plain, recoded, subscribing, type BusMutant } from './bus-mutant.ts'

const neverAborts = new AbortController().signal

let serial = 0

/** A key of its own for every record, and back. */
const unordered = (bus: Bus): Bus =>
  recoded(
    bus,
    (record) => ({ ...record, key: record.key === null ? null : `${record.key}\u0000${serial++}` }),
    (record) => ({ ...record, key: record.key?.split('\u0000')[0] ?? null }),
  )

/** Mutants that handle, commit, share out or close wrongly. */
export const DISPATCH_MUTANTS: readonly BusMutant[] = [
  {
    name: 'handles two records of a key at once',
    breaks: unordered,
    caughtBy: ['handles the records of a key', 'lets a slow key', 'until its handler', 'gives a new group'],
  },
  {
    name: 'handles one key at a time',
    breaks: (bus) => subscribing(bus, (options) => ({ ...options, concurrency: 1 })),
    caughtBy: ['lets a slow key', 'handles `concurrency` keys', 'lets records without a key'],
  },
  {
    name: 'handles one key more than asked',
    breaks: (bus) => subscribing(bus, (options) => ({ ...options, concurrency: options.concurrency + 1 })),
    caughtBy: ['handles `concurrency` keys', 'holds few'],
  },
  {
    name: 'queues records without a key behind each other',
    breaks: (bus) =>
      recoded(
        bus,
        (record) => ({ ...record, key: record.key ?? 'none' }),
        (record) => ({ ...record, key: record.key === 'none' ? null : record.key }),
      ),
    caughtBy: ['lets records without a key'],
  },
  {
    name: 'handles one partition at a time',
    breaks: (bus) =>
      handling(bus, (handle) => {
        const running = new Map<string, number>()
        return async (record, signal) => {
          const place = placeName(record)
          while (running.size > 0 && !running.has(place) && !signal.aborted) await turns(1)
          running.set(place, (running.get(place) ?? 0) + 1)
          try {
            await handle(record, signal)
          } finally {
            const left = (running.get(place) ?? 1) - 1
            if (left === 0) running.delete(place)
            else running.set(place, left)
          }
        }
      }),
    caughtBy: ['lets the long queue'],
  },
  {
    name: 'drops a record whose handler rejects',
    breaks: (bus) =>
      handling(bus, (handle) => async (record, signal) => {
        await handle(record, signal).catch(() => {})
      }),
    caughtBy: ['until its handler', 'while other keys', 'after a restart, when'],
  },
  {
    name: 'retries in the slot of the key',
    breaks: (bus) =>
      handling(bus, (handle) => async (record, signal) => {
        while (!signal.aborted) {
          const failed = await handle(record, signal).then(
            () => false,
            () => true,
          )
          if (!failed) return
          await turns(1)
        }
      }),
    caughtBy: ['while other keys'],
  },
  {
    name: 'takes a handler that throws at once for one that is done',
    breaks: (bus) =>
      handling(bus, (handle) => (record, signal) => {
        try {
          return handle(record, signal)
        } catch {
          return Promise.resolve()
        }
      }),
    caughtBy: ['when the handler throws'],
  },
  {
    name: 'commits the highest finished offset',
    breaks: (bus) =>
      handling(bus, (handle) => {
        const open = new Map<BusRecord, () => void>()
        return (record, signal) =>
          new Promise((resolve, reject) => {
            open.set(record, resolve)
            handle(record, signal).then(() => {
              for (const [other, finish] of open) {
                if (placeName(other) !== placeName(record) || other.offset > record.offset) continue
                open.delete(other)
                finish()
              }
            }, reject)
          })
      }),
    caughtBy: ['never moves a position', 'brings the unfinished record'],
  },
  {
    name: 'commits nothing that outlives it',
    breaks: (bus) => {
      const instance = Math.random()
      return subscribing(bus, (options) => ({ ...options, group: `${options.group}-${instance}` }))
    },
    caughtBy: ['never moves a position', 'brings nothing again', 'tells a group’s position'],
  },
  {
    name: 'gives every member everything',
    breaks: (bus) =>
      subscribing(bus, (options) => ({ ...options, group: `${options.group}-${Math.random()}` })),
    caughtBy: ['gives each of two members', 'leaves a member too many'],
  },
  {
    name: 'keeps the partitions of a member that left',
    breaks: (bus) => ({
      ...bus,
      subscribe: async (options) => {
        let left = false
        const subscription = await bus.subscribe({
          ...options,
          handle: (record, signal) => (left ? new Promise(() => {}) : options.handle(record, signal)),
        })
        const close: Subscription['close'] = async () => {
          left = true
        }
        return {
          ...plain(subscription),
          assigned: () => (left ? [] : subscription.assigned()),
          close,
        }
      },
    }),
    caughtBy: ['gives all to the one that stays', 'under load'],
  },
  {
    name: 'gives a new member the end of the log instead of the position',
    breaks: (bus, log) => ({
      ...bus,
      subscribe: async (options) => {
        for (const { topic, partition, end, committed } of await bus.lag(options.group, options.topics)) {
          if (committed > 0) log.commit(options.group, { topic, partition }, end)
        }
        return bus.subscribe(options)
      },
    }),
    caughtBy: ['under load'],
  },
  {
    name: 'keeps silent when a record is taken away',
    breaks: (bus) => handling(bus, (handle) => (record) => handle(record, neverAborts)),
    caughtBy: ['a revoked member’s', 'aborts what still runs', 'ends every subscription'],
  },
  {
    name: 'commits what finished after it was taken away',
    breaks: (bus, log) =>
      handling(bus, (handle, { group }) => async (record, signal) => {
        await handle(record, signal)
        if (signal.aborted) log.commit(group, record, record.offset + 1)
      }),
    caughtBy: ['a revoked member’s', 'aborts what still runs'],
  },
  {
    name: 'gives no grace',
    breaks: (bus) =>
      overriding(bus, (subscription) => ({
        close: () => subscription.close(0),
      })),
    caughtBy: ['lets what runs finish'],
  },
  {
    name: 'waits for handlers without end',
    breaks: (bus) =>
      overriding(bus, (subscription) => ({
        close: (graceMs) =>
          subscription.inFlight() > 0 ? new Promise(() => {}) : subscription.close(graceMs),
      })),
    caughtBy: ['aborts what still runs'],
  },
  {
    name: 'closes once only',
    breaks: (bus) => {
      let closed = false
      return {
        ...bus,
        close: async () => {
          if (closed) throw new Error('Closed already.')
          closed = true
          await bus.close()
        },
      }
    },
    caughtBy: ['closes at once'],
  },
  {
    name: 'works on when it is closed',
    breaks: (bus) => ({ ...bus, close: async () => {} }),
    caughtBy: ['ends every subscription'],
  },
  {
    name: 'takes records after it is closed',
    breaks: (bus) => {
      let closed = false
      return {
        ...bus,
        publish: async (records) =>
          closed ? records.map(({ topic }) => ({ topic, partition: 0 })) : bus.publish(records),
        close: async () => {
          closed = true
          await bus.close()
        },
      }
    },
    caughtBy: ['ends every subscription'],
  },
  {
    name: 'owns for ever what it once had',
    breaks: (bus) =>
      overriding(bus, () => ({
        owns: () => true,
      })),
    caughtBy: ['a revoked member’s', 'aborts what still runs'],
  },
  {
    name: 'gives back what is still worked for',
    breaks: (bus) =>
      overriding(bus, (subscription) => ({
        hold: (place) => {
          const hold = subscription.hold(place)
          hold?.release()
          return hold
        },
      })),
    caughtBy: ['waits for what is done for it beside'],
  },
  {
    name: 'lets anybody work for any partition',
    breaks: (bus) =>
      overriding(bus, () => ({
        hold: () => ({ signal: neverAborts, release: () => {} }),
      })),
    caughtBy: ['waits for what is done for it beside'],
  },
  {
    name: 'is no member any more when it has no partition',
    breaks: (bus) =>
      overriding(bus, (subscription) => ({
        isMember: () => subscription.assigned().length > 0,
      })),
    caughtBy: ['counts a member in'],
  },
  {
    name: 'calls the newest record the oldest',
    breaks: (bus) => ({
      ...bus,
      subscribe: async (options) => {
        let newest: number | undefined
        const subscription = await bus.subscribe({
          ...options,
          handle: (record, signal) => {
            newest = record.timestamp + 1
            return options.handle(record, signal)
          },
        })
        return {
          ...plain(subscription),
          oldest: () => newest,
        }
      },
    }),
    caughtBy: ['tells when the oldest'],
  },
  {
    name: 'reads the whole log into memory',
    breaks: (bus) => ({
      ...bus,
      subscribe: async (options) => {
        const queue: BusRecord[] = []
        let running = 0
        const pump = async (signal: AbortSignal) => {
          while (queue.length > 0 && running < options.concurrency) {
            const record = queue.shift()
            if (record === undefined) return
            running += 1
            await options.handle(record, signal).catch(() => {})
            running -= 1
          }
        }
        const subscription = await bus.subscribe({
          ...options,
          handle: async (record, signal) => {
            queue.push(record)
            void pump(signal)
          },
        })
        return {
          ...plain(subscription),
          inFlight: () => queue.length + running,
        }
      },
    }),
    caughtBy: ['holds few'],
  },
]

import { turns } from '../eventually.ts'
import { handling, recoded, subscribing, type BusMutant } from './bus-mutant.ts'

const latin1 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

/** Mutants that lose, double or change records. */
export const RECORD_MUTANTS: readonly BusMutant[] = [
  {
    name: 'delivers every record twice',
    breaks: (bus) =>
      handling(bus, (handle) => async (record, signal) => {
        await handle(record, signal)
        await handle(record, signal)
      }),
    caughtBy: [
      'gives a new group',
      'gives every group',
      'gives each of two members',
      'handles the records of a key',
    ],
  },
  {
    name: 'starts a new group at the end of the log',
    breaks: (bus) => ({
      ...bus,
      subscribe: async (options) => {
        const lag = await bus.lag(options.group, options.topics)
        const ends = new Map(lag.map(({ topic, partition, end }) => [`${topic}/${partition}`, end]))
        return bus.subscribe({
          ...options,
          handle: async (record, signal) => {
            const old = record.offset < (ends.get(`${record.topic}/${record.partition}`) ?? 0)
            if (!old) await options.handle(record, signal)
          },
        })
      },
    }),
    caughtBy: ['gives a new group', 'gives one subscription'],
  },
  {
    name: 'goes to sleep once it has read the log to its end',
    breaks: (bus) => {
      let awake = true
      return handling(bus, (handle) => async (record, signal) => {
        if (awake) await handle(record, signal)
        if (record.value !== null && Buffer.from(record.value).toString().endsWith('#0')) await turns(5)
        awake = false
      })
    },
    caughtBy: ['gives a running subscription'],
  },
  {
    name: 'has all groups share one position',
    breaks: (bus) => subscribing(bus, (options) => ({ ...options, group: 'everybody' })),
    caughtBy: ['gives every group'],
  },
  {
    name: 'reads the first topic only',
    breaks: (bus) => subscribing(bus, (options) => ({ ...options, topics: options.topics.slice(0, 1) })),
    caughtBy: ['gives one subscription', 'gives a lone member'],
  },
  {
    name: 'cuts a batch at 1,000 records',
    breaks: (bus) => ({ ...bus, publish: (records) => bus.publish(records.slice(0, 1_000)) }),
    caughtBy: ['takes 5,000 records'],
  },
  {
    name: 'turns a batch round',
    breaks: (bus) => ({
      ...bus,
      publish: async (records) => (await bus.publish(records.toReversed())).toReversed(),
    }),
    caughtBy: ['gives a new group', 'takes 5,000 records'],
  },
  {
    name: 'loses records of callers that come while it writes',
    breaks: (bus) => {
      let writing = false
      return {
        ...bus,
        publish: async (records) => {
          if (writing) return records.map(({ topic }) => ({ topic, partition: 0 }))
          writing = true
          await turns(1)
          writing = false
          return bus.publish(records)
        },
      }
    },
    caughtBy: ['takes records from 200 callers'],
  },
  {
    name: 'refuses an empty publish',
    breaks: (bus) => ({
      ...bus,
      publish: async (records) => {
        if (records.length === 0) throw new RangeError('Nothing to publish.')
        return bus.publish(records)
      },
    }),
    caughtBy: ['takes an empty publish'],
  },
  {
    name: 'writes a null value as no bytes',
    breaks: (bus) => recoded(bus, (record) => ({ ...record, value: record.value ?? new Uint8Array(0) })),
    caughtBy: ['keeps values'],
  },
  {
    name: 'writes the buffer behind a view',
    breaks: (bus) =>
      recoded(bus, (record) => ({ ...record, value: record.value && new Uint8Array(record.value.buffer) })),
    caughtBy: ['keeps values'],
  },
  {
    name: 'writes a null key as an empty one',
    breaks: (bus) => recoded(bus, (record) => ({ ...record, key: record.key ?? '' })),
    caughtBy: ['keeps keys', 'lets records without a key'],
  },
  {
    name: 'reads headers as Latin-1',
    breaks: (bus) =>
      recoded(
        bus,
        (record) => record,
        (record) => ({
          ...record,
          headers: Object.fromEntries(
            Object.entries(record.headers).map(([name, text]) => [name, latin1(text)]),
          ),
        }),
      ),
    caughtBy: ['keeps headers'],
  },
  {
    name: 'drops empty headers',
    breaks: (bus) =>
      recoded(bus, (record) => ({
        ...record,
        headers: Object.fromEntries(Object.entries(record.headers).filter(([, text]) => text !== '')),
      })),
    caughtBy: ['keeps headers'],
  },
  {
    name: 'tells the time in seconds',
    breaks: (bus) =>
      recoded(
        bus,
        (record) => record,
        (record) => ({ ...record, timestamp: Math.floor(record.timestamp / 1_000) }),
      ),
    caughtBy: ['tells partition'],
  },
  {
    name: 'partitions by another hash',
    breaks: (bus) =>
      recoded(
        bus,
        (record) => ({ ...record, key: record.key === null ? null : `~${record.key}` }),
        (record) => ({ ...record, key: record.key === null ? null : record.key.slice(1) }),
      ),
    caughtBy: ['puts a key where'],
  },
  {
    name: 'names a partition that is not there for records without a key',
    breaks: (bus) => ({
      ...bus,
      publish: async (records) =>
        (await bus.publish(records)).map((place, at) =>
          records[at]?.key === null ? { ...place, partition: -1 } : place,
        ),
    }),
    caughtBy: ['puts records without a key'],
  },
  {
    name: 'moves keys when a topic is declared again',
    breaks: (bus) => {
      const declared = new Set<string>()
      const again = new Set<string>()
      return {
        ...bus,
        declare: async (topics) => {
          for (const { name } of topics) (declared.has(name) ? again : declared).add(name)
          await bus.declare(topics)
        },
        publish: (records) =>
          bus.publish(
            records.map((record) => (again.has(record.topic) ? { ...record, key: 'moved' } : record)),
          ),
      }
    },
    caughtBy: ['keeps a topic’s partitions'],
  },
  {
    name: 'answers a publish before it is kept, and forgets it when it is closed',
    breaks: (bus) => {
      let closed = false
      return {
        ...bus,
        publish: async (records) => {
          setImmediate(() => {
            if (!closed) void bus.publish(records)
          })
          return records.map(({ topic }) => ({ topic, partition: 0 }))
        },
        close: () => {
          closed = true
          return bus.close()
        },
      }
    },
    caughtBy: ['answers a publish only'],
  },
  {
    name: 'numbers the log anew at a restart',
    breaks: (bus, _log, reopened) => ({
      ...bus,
      read: async (place, offset, limit) =>
        (await bus.read(place, offset, limit)).map((record) => ({
          ...record,
          offset: record.offset + (reopened ? 1 : 0),
        })),
    }),
    caughtBy: ['keeps every record'],
  },
  {
    name: 'takes records for topics that nobody declared',
    breaks: (bus) => ({
      ...bus,
      publish: async (records) => {
        await bus.declare(records.map(({ topic }) => ({ name: topic, partitions: 1 })))
        return bus.publish(records)
      },
    }),
    caughtBy: ['refuses records'],
  },
  {
    name: 'tells every group that it is at the start',
    breaks: (bus) => ({
      ...bus,
      lag: async (...asked) => (await bus.lag(...asked)).map((lag) => ({ ...lag, committed: lag.start })),
    }),
    caughtBy: ['tells a group’s position', 'never moves a position', 'holds few'],
  },
  {
    name: 'tells the last offset for the end',
    breaks: (bus) => ({
      ...bus,
      lag: async (...asked) =>
        (await bus.lag(...asked)).map((lag) => ({ ...lag, end: Math.max(lag.end - 1, 0) })),
    }),
    caughtBy: ['tells a group’s position'],
  },
  {
    name: 'ignores the limit of a read',
    breaks: (bus) => ({ ...bus, read: (place, offset) => bus.read(place, offset, 1_000) }),
    caughtBy: ['reads a partition'],
  },
  {
    name: 'reads from behind the offset',
    breaks: (bus) => ({ ...bus, read: (place, offset, limit) => bus.read(place, offset + 1, limit) }),
    caughtBy: ['reads a partition', 'takes 5,000 records'],
  },
]

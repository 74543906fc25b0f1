import type { BusRecord, OutgoingRecord, TopicPartition } from '@commerce-mesh/mesh'
import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll } from './consumer.ts'
import { orderWatch } from './order-watch.ts'

const placesOf = (records: readonly TopicPartition[]) =>
  records.map(({ topic, partition }) => `${topic}/${partition}`)

/** Everything in the log of a topic, partition after partition. */
export const readAll = async (bench: BusBench, topic: string, partitions: number): Promise<BusRecord[]> => {
  const found: BusRecord[] = []
  for (let partition = 0; partition < partitions; partition++) {
    let page: BusRecord[] = []
    let offset = 0
    do {
      page = await bench.bus.read({ topic, partition }, offset, 1_000)
      found.push(...page)
      offset = (page.at(-1)?.offset ?? offset) + 1
    } while (page.length > 0)
  }
  return found
}

const publishInBatches = async (bench: BusBench, records: readonly OutgoingRecord[], size: number) => {
  const places: TopicPartition[] = []
  for (let at = 0; at < records.length; at += size) {
    places.push(...(await bench.bus.publish(records.slice(at, at + size))))
  }
  return places
}

/** What is published is consumed: all of it, once, in order. */
export const delivery: Behaviour<BusBench> = {
  behaviour: 'delivers what was published',
  checks: [
    {
      name: 'gives a new group every record of every partition, once and in order',
      async run(bench) {
        const topic = await bench.topic(4)
        const records = series(topic, keysNamed(40), 0, 5)
        const places = await publishInBatches(bench, records, 90)
        const watch = orderWatch()
        const consumer = await consume(bench, { topics: [topic], group: bench.group(), watch })
        const labels = records.map(labelOf)
        await finishedAll(bench, [consumer], labels)
        same(consumer.started().toSorted(), labels.toSorted(), 'every record is handled once')
        same(watch.fault(), undefined, 'records of a key are handled in order')
        const placed = new Map(consumer.handlings.map(({ label, record }) => [label, record]))
        same(
          placesOf(labels.flatMap((label) => placed.get(label) ?? [])),
          placesOf(places),
          'each record is at the place that publish() named for it',
        )
        ensure(new Set(placesOf(places)).size === 4, '40 keys are spread over all 4 partitions')
      },
    },
    {
      name: 'gives a running subscription what is published later',
      async run(bench) {
        const topic = await bench.topic(4)
        const consumer = await consume(bench, { topics: [topic], group: bench.group() })
        await bench.until('4 partitions', () => consumer.subscription.assigned().length === 4)
        for (const round of [0, 1, 2]) {
          const records = series(topic, keysNamed(8), round, round + 1)
          await bench.bus.publish(records)
          await finishedAll(bench, [consumer], records.map(labelOf))
        }
        same(consumer.started().length, 24, 'every record is handled once')
      },
    },
    {
      name: 'gives every group everything',
      async run(bench) {
        const topic = await bench.topic(2)
        const records = series(topic, keysNamed(10), 0, 3)
        const labels = records.map(labelOf)
        const groups = [bench.group(), bench.group(), bench.group()]
        const early = await Promise.all(
          groups.slice(0, 2).map((group) => consume(bench, { topics: [topic], group })),
        )
        await bench.bus.publish(records)
        await finishedAll(bench, early.slice(0, 1), labels)
        const late = await consume(bench, { topics: [topic], group: groups[2] ?? '' })
        for (const consumer of [...early, late]) {
          await finishedAll(bench, [consumer], labels)
          same(consumer.started().toSorted(), labels.toSorted(), 'each group handles each record once')
        }
      },
    },
    {
      name: 'gives one subscription the records of several topics, and of no other',
      async run(bench) {
        const [first, second, other] = [await bench.topic(1), await bench.topic(3), await bench.topic(1)]
        await bench.bus.publish([
          ...series(other, ['not-mine'], 0, 3),
          ...series(first, ['a'], 0, 3),
          ...series(second, ['b', 'c'], 0, 3),
        ])
        const consumer = await consume(bench, { topics: [first, second], group: bench.group() })
        const labels = series('', ['a', 'b', 'c'], 0, 3).map(labelOf)
        await finishedAll(bench, [consumer], labels)
        same(consumer.started().toSorted(), labels.toSorted(), 'the records of both topics')
        same(
          [...new Set(consumer.handlings.map(({ record }) => record.topic))].toSorted(),
          [first, second].toSorted(),
          'records name their topic',
        )
      },
    },
    {
      name: 'takes 5,000 records in one publish, in their order',
      async run(bench) {
        const topic = await bench.topic(3)
        const records = series(topic, keysNamed(10), 0, 500)
        const places = await bench.bus.publish(records)
        same(places.length, records.length, 'publish() names a place for every record')
        const found = await readAll(bench, topic, 3)
        same(
          found.map(labelOf).toSorted(),
          records.map(labelOf).toSorted(),
          'every record is in the log once',
        )
        for (const key of keysNamed(10)) {
          same(
            found.filter((record) => record.key === key).map(labelOf),
            series(topic, [key], 0, 500).map(labelOf),
            'the log has the records of a key in the order of the batch',
          )
        }
      },
    },
    {
      name: 'takes records from 200 callers at once, each caller’s in its order',
      async run(bench) {
        const topic = await bench.topic(4)
        const callers = keysNamed(200)
        await Promise.all(
          callers.map(async (key) => {
            for (const at of [0, 1, 2]) await bench.bus.publish(series(topic, [key], at, at + 1))
          }),
        )
        const found = await readAll(bench, topic, 4)
        same(found.length, 600, 'every record is in the log once')
        for (const key of callers) {
          same(
            found.filter((record) => record.key === key).map(labelOf),
            series(topic, [key], 0, 3).map(labelOf),
            'the log has a caller’s records in order',
          )
        }
      },
    },
    {
      name: 'takes an empty publish',
      async run(bench) {
        same(await bench.bus.publish([]), [], 'no record, no place')
      },
    },
  ],
}

import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { gate, turns } from '../eventually.ts'
import { keysNamed, labelled, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll, witness } from './consumer.ts'
import { orderWatch } from './order-watch.ts'

/** FIFO per key, keys side by side, at most `concurrency` of them. */
export const keyOrder: Behaviour<BusBench> = {
  behaviour: 'handles keys in order and side by side',
  checks: [
    {
      name: 'handles the records of a key one after the other',
      async run(bench) {
        const topic = await bench.topic(3)
        const records = series(topic, keysNamed(20), 0, 50)
        const watch = orderWatch()
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          watch,
          handle: ({ record }) => turns((record.offset * 7) % 5),
        })
        await bench.bus.publish(records)
        await finishedAll(bench, [consumer], records.map(labelOf))
        same(watch.fault(), undefined, 'order per key')
        same(consumer.started().length, records.length, 'every record is handled once')
      },
    },
    {
      name: 'lets a slow key hold up no other key of its partition',
      async run(bench) {
        const topic = await bench.topic(1)
        const slow = gate()
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          concurrency: 2,
          handle: ({ label }) => (label === 'slow#0' ? slow.opened : turns(1)),
        })
        await bench.bus.publish(series(topic, ['slow', 'a', 'b', 'c'], 0, 5))
        await finishedAll(bench, [consumer], series(topic, ['a', 'b', 'c'], 0, 5).map(labelOf))
        same(consumer.running(), 1, 'only the slow record runs')
        ensure(!consumer.started().includes('slow#1'), 'the slow key’s next record waits')
        slow.open()
        await finishedAll(bench, [consumer], series(topic, ['slow'], 0, 5).map(labelOf))
        same(
          consumer.started().filter((label) => label.startsWith('slow')),
          series(topic, ['slow'], 0, 5).map(labelOf),
          'the slow key’s records in order',
        )
      },
    },
    {
      name: 'lets the long queue of a slow key hold up no other partition',
      async run(bench) {
        const topic = await bench.topic(2)
        const slow = gate()
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          concurrency: 2,
          handle: ({ record }) => (record.key === '21' ? slow.opened : turns(1)),
        })
        const [first] = await bench.bus.publish(series(topic, ['21'], 0, 3_000))
        const [second] = await bench.bus.publish(series(topic, ['abc'], 0, 50))
        ensure(first?.partition !== second?.partition, 'the keys are in different partitions')
        await finishedAll(bench, [consumer], series(topic, ['abc'], 0, 50).map(labelOf))
        slow.open()
      },
    },
    {
      name: 'handles `concurrency` keys at once and never more',
      async run(bench) {
        const topic = await bench.topic(4)
        const records = series(topic, keysNamed(12), 0, 5)
        const labels = records.map(labelOf)
        const all = gate()
        await bench.bus.publish(records)
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          concurrency: 3,
          handle: async () => {
            await all.opened
            await turns(2)
          },
        })
        await bench.until('3 handlers at once', () => consumer.running() >= 3)
        await witness(bench, topic, labels)
        same(consumer.running(), 3, 'handlers at once while none finishes')
        all.open()
        await finishedAll(bench, [consumer], labels)
        same(consumer.peak(), 3, 'most handlers at once')
      },
    },
    {
      name: 'lets records without a key wait for nobody',
      async run(bench) {
        const topic = await bench.topic(1)
        const slow = gate()
        const records = Array.from({ length: 6 }, (_, at) => labelled(topic, null, `none#${at}`))
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          concurrency: 2,
          handle: ({ label }) => (label === 'none#0' ? slow.opened : turns(1)),
        })
        await bench.bus.publish(records)
        await finishedAll(bench, [consumer], records.slice(1).map(labelOf))
        slow.open()
        await finishedAll(bench, [consumer], records.map(labelOf))
      },
    },
  ],
}

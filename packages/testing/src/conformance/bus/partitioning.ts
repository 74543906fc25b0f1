import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { keysNamed, labelled, series, type BusBench } from './bench.ts'

/**
 * Keys and their murmur2 hashes as Kafka's Java client computes them: first the vectors of `UtilsTest.testMurmur2` in
 * apache/kafka, then those that kafkajs generated with Java for its `defaultJava` partitioner (not those of its older
 * one, which hashes otherwise). The last two, an empty key and one beyond ASCII, come from two implementations that
 * agree on all of these.
 */
const MURMUR2: readonly (readonly [key: string, hash: number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
  ['0', 971027396],
  ['1', -1993445489],
  ['128', -326012175],
  ['2187', -1508407203],
  ['16384', -325739742],
  ['279936', 1462227128],
  ['2097152', 607668903],
  ['10000000', -1830336757],
  ['105413504', -381294639],
  ['100:48069', 1009543857],
  ['', 275646681],
  ['Bestellung-№-42-😀', -378377521],
]

/** Kafka's default partitioner: the hash without its sign bit, modulo the number of partitions. */
const partitionOfHash = (hash: number, partitions: number): number => (hash & 0x7fffffff) % partitions

/** A key's partition is the one that Kafka's default partitioner chooses. */
export const partitioning: Behaviour<BusBench> = {
  behaviour: 'partitions as Kafka does',
  checks: [
    {
      name: 'puts a key where Kafka’s default partitioner puts it (murmur2)',
      async run(bench) {
        for (const partitions of [1, 3, 7, 12]) {
          const topic = await bench.topic(partitions)
          const places = await bench.bus.publish(MURMUR2.map(([key]) => labelled(topic, key, key)))
          same(
            places.map(({ partition }) => partition),
            MURMUR2.map(([, hash]) => partitionOfHash(hash, partitions)),
            `the partitions of the known keys in a topic of ${partitions}`,
          )
        }
      },
    },
    {
      name: 'puts records without a key into partitions that exist',
      async run(bench) {
        const topic = await bench.topic(3)
        const records = Array.from({ length: 30 }, (_, at) => labelled(topic, null, `none#${at}`))
        for (const { partition } of await bench.bus.publish(records)) {
          ensure([0, 1, 2].includes(partition), `partition ${partition} of 3`)
        }
      },
    },
    {
      name: 'keeps a topic’s partitions and records when it is declared again',
      async run(bench) {
        const topic = await bench.topic(3)
        const before = await bench.bus.publish(series(topic, keysNamed(20), 0, 1))
        await Promise.all([6, 3, 1].map((partitions) => bench.bus.declare([{ name: topic, partitions }])))
        const after = await bench.bus.publish(series(topic, keysNamed(20), 1, 2))
        same(after, before, 'keys stay in their partitions')
        const lag = await bench.bus.lag(bench.group(), [topic])
        same(lag.length, 3, 'the topic has 3 partitions')
        same(
          (await bench.bus.read({ topic, partition: before[0]?.partition ?? 0 }, 0, 1)).length,
          1,
          'records stay',
        )
      },
    },
  ],
}

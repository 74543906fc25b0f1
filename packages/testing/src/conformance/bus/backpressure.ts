import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { gate } from '../eventually.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll, witness } from './consumer.ts'

/** A slow handler makes lag, not memory. */
export const backpressure: Behaviour<BusBench> = {
  behaviour: 'stays bounded',
  checks: [
    {
      name: 'tells when the oldest record came that is not finished',
      async run(bench) {
        const topic = await bench.topic(1)
        await bench.bus.publish(series(topic, ['a'], 0, 1))
        const [first, rest] = [gate(), gate()]
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          handle: ({ label }) => (label === 'a#0' ? first : rest).opened,
        })
        const { subscription } = consumer
        await bench.until('the first record', () => consumer.running() === 1)
        await bench.bus.publish(series(topic, ['b'], 0, 2))
        await bench.until('the first record of the other key', () => consumer.running() === 2)
        const [oldest, next] = consumer.handlings.map(({ record }) => record.timestamp)
        same(subscription.oldest(), oldest, 'oldest() while the first record runs')
        first.open()
        await bench.until('the end of the first record', () => consumer.hasFinished('a#0'))
        await bench.until('the next one as the oldest', () => subscription.oldest() === next)
        rest.open()
        await finishedAll(bench, [consumer], ['b#0', 'b#1'])
        await bench.until('nothing unfinished', () => subscription.oldest() === undefined)
      },
    },
    {
      name: 'holds few of 20,000 records while its handlers stand still, and goes on when they do',
      async run(bench) {
        const topic = await bench.topic(4)
        const group = bench.group()
        const records = series(topic, keysNamed(50), 0, 400)
        const labels = records.map(labelOf)
        for (let at = 0; at < records.length; at += 2_000)
          await bench.bus.publish(records.slice(at, at + 2_000))
        const all = gate()
        const consumer = await consume(bench, {
          topics: [topic],
          group,
          concurrency: 4,
          handle: () => all.opened,
        })
        await bench.until('4 running handlers', () => consumer.running() >= 4)
        await witness(bench, topic, labels)
        const held = consumer.subscription.inFlight()
        ensure(
          held >= 4 && held <= bench.maxInFlight,
          `${held} records in flight, at most ${bench.maxInFlight}`,
        )
        same(consumer.running(), 4, 'handlers at once')
        all.open()
        await finishedAll(bench, [consumer], labels, 4)
        await bench.until('nothing in flight', () => consumer.subscription.inFlight() === 0)
        await bench.until('no lag', async () =>
          (await bench.bus.lag(group, [topic])).every(({ committed, end }) => committed === end),
        )
      },
    },
  ],
}

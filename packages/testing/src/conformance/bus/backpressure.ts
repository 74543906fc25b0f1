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

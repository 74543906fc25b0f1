import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll } from './consumer.ts'

/** The log and the positions can be looked at without a part in them. */
export const audit: Behaviour<BusBench> = {
  behaviour: 'can be audited',
  checks: [
    {
      name: 'tells a group’s position on every partition of the topics',
      async run(bench) {
        const [first, second] = [await bench.topic(2), await bench.topic(1)]
        const group = bench.group()
        const position = async () =>
          (await bench.bus.lag(group, [first, second])).toSorted(
            (a, b) => Number(a.topic === second) - Number(b.topic === second) || a.partition - b.partition,
          )
        const places = async () => (await position()).map(({ topic, partition }) => `${topic}/${partition}`)
        same(await places(), [`${first}/0`, `${first}/1`, `${second}/0`], 'an entry per partition')
        ensure(
          (await position()).every(({ start, committed, end }) => start === committed && committed === end),
          'nobody is behind on an empty log',
        )

        const records = [...series(first, keysNamed(20), 0, 1), ...series(second, keysNamed(20), 1, 2)]
        await bench.bus.publish(records)
        for (const { topic, partition, start, committed, end } of await position()) {
          const found = await bench.bus.read({ topic, partition }, start, 1_000)
          same(committed, start, 'a new group will read from the start')
          ensure(end > (found.at(-1)?.offset ?? Infinity), 'the end is past the last record')
          ensure(start <= (found[0]?.offset ?? -1), 'the start is not past the first record')
        }

        const consumer = await consume(bench, { topics: [first, second], group })
        await finishedAll(bench, [consumer], records.map(labelOf))
        await bench.until('no lag', async () =>
          (await position()).every(({ committed, end }) => committed === end),
        )
        await consumer.subscription.close(5_000)
        const [place] = await bench.bus.publish(series(second, ['more'], 0, 1))
        const behind = (await position()).filter(({ committed, end }) => committed < end)
        same(
          behind.map(({ topic }) => topic),
          [place?.topic],
          'the group is behind where a record came',
        )
        const other = await bench.bus.lag(bench.group(), [second])
        ensure(
          other.every(({ start, committed }) => committed === start),
          'another group stands elsewhere',
        )
      },
    },
    {
      name: 'reads a partition page by page, from any offset, and moves no group by it',
      async run(bench) {
        const topic = await bench.topic(2)
        const group = bench.group()
        await bench.bus.publish(series(topic, ['abc'], 0, 25))
        const [place] = await bench.bus.publish(series(topic, ['abc'], 25, 26))
        const partition = place?.partition ?? 0
        const all = await bench.bus.read({ topic, partition }, 0, 1_000)
        same(all.map(labelOf), series(topic, ['abc'], 0, 26).map(labelOf), 'the partition in order')
        const pages: string[][] = []
        for (let offset = 0; ;) {
          const page = await bench.bus.read({ topic, partition }, offset, 10)
          if (page.length === 0) break
          pages.push(page.map(labelOf))
          offset = (page.at(-1)?.offset ?? offset) + 1
        }
        same(
          pages.map(({ length }) => length),
          [10, 10, 6],
          'the limit holds',
        )
        same(pages.flat(), all.map(labelOf), 'the pages are the whole')
        const middle = all[12]?.offset ?? 0
        same(
          (await bench.bus.read({ topic, partition }, middle, 1)).map(labelOf),
          ['abc#12'],
          'from an offset, inclusive',
        )
        const end = (all.at(-1)?.offset ?? 0) + 1
        same(await bench.bus.read({ topic, partition }, end, 10), [], 'nothing at the end')
        same(
          await bench.bus.read({ topic, partition: 1 - partition }, 0, 10),
          [],
          'nothing in the other partition',
        )
        const lag = await bench.bus.lag(group, [topic])
        ensure(
          lag.every(({ start, committed }) => start === committed),
          'no group has moved',
        )
      },
    },
  ],
}

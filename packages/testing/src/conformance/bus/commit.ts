import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { gate, turns } from '../eventually.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll, witness } from './consumer.ts'
import { readAll } from './delivery.ts'

/** A group's position moves over finished records only, and outlives a restart. */
export const commit: Behaviour<BusBench> = {
  behaviour: 'commits what is finished, without gaps',
  checks: [
    {
      name: 'never moves a position past a record that is not finished',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        const records = series(topic, ['before', 'slow', 'after'], 0, 20).filter(
          ({ key }, at) => key !== 'before' || at === 0,
        )
        const labels = records.map(labelOf)
        const slow = gate()
        await bench.bus.publish(records)
        const consumer = await consume(bench, {
          topics: [topic],
          group,
          handle: ({ label }) => (label === 'slow#0' ? slow.opened : turns(1)),
        })
        await finishedAll(bench, [consumer], series(topic, ['after'], 0, 20).map(labelOf))
        const [first, second] = await bench.bus.read({ topic, partition: 0 }, 0, 2)
        const committed = async () => (await bench.bus.lag(group, [topic]))[0]?.committed ?? -1
        await bench.until('the first record’s commit', async () => (await committed()) > (first?.offset ?? 0))
        await witness(bench, topic, labels)
        ensure((await committed()) <= (second?.offset ?? 0), 'the position stays at the slow record')
        slow.open()
        await finishedAll(bench, [consumer], labels)
        await bench.until('the last commit', async () => {
          const [lag] = await bench.bus.lag(group, [topic])
          return lag?.committed === lag?.end
        })
      },
    },
    {
      name: 'brings the unfinished record and what came after it again, and nothing before it',
      needs: 'reopen',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        await bench.bus.publish([
          ...series(topic, ['before'], 0, 5),
          ...series(topic, ['slow'], 0, 1),
          ...series(topic, ['after'], 0, 5),
        ])
        const again = ['slow#0', ...series(topic, ['after'], 0, 5).map(labelOf)]
        const first = await consume(bench, {
          topics: [topic],
          group,
          handle: ({ label }) => (label === 'slow#0' ? new Promise<void>(() => {}) : turns(1)),
        })
        await finishedAll(bench, [first], series(topic, ['before', 'after'], 0, 5).map(labelOf))
        await bench.soon(first.subscription.close(0), 'close() with a handler that hangs')
        await bench.reopen()
        const second = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [second], again)
        same(second.started().toSorted(), again.toSorted(), 'what comes again')
      },
    },
    {
      name: 'brings nothing again that finished before the restart',
      needs: 'reopen',
      async run(bench) {
        const topic = await bench.topic(3)
        const group = bench.group()
        const old = series(topic, keysNamed(30), 0, 2)
        await bench.bus.publish(old)
        const first = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [first], old.map(labelOf))
        await first.subscription.close(5_000)
        await bench.reopen()
        const fresh = series(topic, keysNamed(30), 2, 3)
        await bench.bus.publish(fresh)
        const second = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [second], fresh.map(labelOf))
        same(second.started().toSorted(), fresh.map(labelOf).toSorted(), 'only what is new')
      },
    },
    {
      name: 'keeps every record over a restart',
      needs: 'reopen',
      async run(bench) {
        const topic = await bench.topic(3)
        const records = series(topic, keysNamed(20), 0, 10)
        await bench.bus.publish(records)
        const before = await readAll(bench, topic, 3)
        await bench.reopen()
        const after = await readAll(bench, topic, 3)
        same(after.map(labelOf), before.map(labelOf), 'the log')
        same(
          after.map(({ offset }) => offset),
          before.map(({ offset }) => offset),
          'the offsets',
        )
        const more = await bench.bus.publish(series(topic, keysNamed(20), 10, 11))
        same(more.length, 20, 'the log goes on')
        const found = await readAll(bench, topic, 3)
        same(found.length, 220, 'new records come on top')
      },
    },
    {
      name: 'answers a publish only when the record will outlive a close',
      needs: 'reopen',
      async run(bench) {
        const topic = await bench.topic(2)
        const answers = Promise.allSettled(
          keysNamed(100).map(async (key) => {
            await bench.bus.publish(series(topic, [key], 0, 1))
            return `${key}#0`
          }),
        )
        await bench.reopen()
        const accepted = (await bench.soon(answers, 'every publish that a close met')).flatMap((answer) =>
          answer.status === 'fulfilled' ? [answer.value] : [],
        )
        const kept = new Set((await readAll(bench, topic, 2)).map(labelOf))
        same(
          accepted.filter((label) => !kept.has(label)),
          [],
          'accepted records that are gone',
        )
      },
    },
  ],
}

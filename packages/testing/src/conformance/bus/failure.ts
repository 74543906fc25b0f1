import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { turns } from '../eventually.ts'
import { labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll } from './consumer.ts'
import type { Handling } from './handling.ts'
import { orderWatch } from './order-watch.ts'

const failTimes = (label: string, times: number) => {
  let left = times
  return async (handling: Handling): Promise<void> => {
    await turns(1)
    if (handling.label === label && left-- > 0)
      throw new Error('The handler of this check rejects on purpose.')
  }
}

/** A record whose handler rejects comes again, and holds back its own key alone. */
export const failure: Behaviour<BusBench> = {
  behaviour: 'brings a rejected record again',
  checks: [
    {
      name: 'until its handler resolves; its key waits and keeps its order',
      async run(bench) {
        const topic = await bench.topic(2)
        const watch = orderWatch()
        const records = series(topic, ['bad', 'a', 'b', 'c'], 0, 5)
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          watch,
          handle: failTimes('bad#1', 3),
        })
        await bench.bus.publish(records)
        await finishedAll(bench, [consumer], records.map(labelOf))
        same(watch.fault(), undefined, 'order per key')
        const tries = consumer.handlings.filter(({ label }) => label === 'bad#1')
        same(
          tries.map(({ state }) => state),
          ['failed', 'failed', 'failed', 'finished'],
          'the tries',
        )
        same(new Set(tries.map(({ record }) => record.offset)).size, 1, 'it is the same record each time')
        same(consumer.started().length, records.length + 3, 'no other record comes again')
      },
    },
    {
      name: 'while other keys go on, even with one slot (a waiting key holds none)',
      async run(bench) {
        const topic = await bench.topic(1)
        let mended = false
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          concurrency: 1,
          handle: async ({ label }) => {
            await turns(1)
            if (label === 'bad#0' && !mended) throw new Error('The handler of this check rejects on purpose.')
          },
        })
        await bench.bus.publish(series(topic, ['bad', 'a', 'b', 'c'], 0, 5))
        await finishedAll(bench, [consumer], series(topic, ['a', 'b', 'c'], 0, 5).map(labelOf))
        ensure(!consumer.started().includes('bad#1'), 'the bad key’s next record waits')
        mended = true
        await finishedAll(bench, [consumer], series(topic, ['bad'], 0, 5).map(labelOf))
      },
    },
    {
      name: 'when the handler throws before it returns a promise, too',
      async run(bench) {
        const topic = await bench.topic(1)
        const seen: string[] = []
        await bench.subscribe({
          topics: [topic],
          group: bench.group(),
          concurrency: 1,
          handle: (record) => {
            seen.push(labelOf(record))
            if (seen.length === 1) throw new Error('The handler of this check throws on purpose.')
            return Promise.resolve()
          },
        })
        await bench.bus.publish(series(topic, ['a'], 0, 2))
        await bench.until('both records', () => seen.length >= 3)
        same(seen, ['a#0', 'a#0', 'a#1'], 'what the handler was given')
      },
    },
    {
      name: 'after a restart, when it had not resolved before',
      needs: 'reopen',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        await bench.bus.publish(series(topic, ['bad', 'a'], 0, 2))
        const before = await consume(bench, { topics: [topic], group, handle: failTimes('bad#0', Infinity) })
        await finishedAll(bench, [before], ['a#0', 'a#1'])
        await bench.until('a failure', () => before.handlings.some(({ state }) => state === 'failed'))
        await before.subscription.close(100)
        await bench.reopen()
        const after = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [after], ['bad#0', 'bad#1'])
      },
    },
  ],
}

import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { gate, turns } from '../eventually.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll } from './consumer.ts'
import { orderWatch } from './order-watch.ts'
import { shared } from './sharing.ts'

/** Members come and go; records, their order and the positions stay right. */
export const membership: Behaviour<BusBench> = {
  behaviour: 'survives a change of members',
  checks: [
    {
      name: 'under load: a third member joins and leaves, nothing is lost, order per key is kept',
      async run(bench) {
        const topic = await bench.topic(6)
        const group = bench.group()
        const watch = orderWatch()
        const keys = keysNamed(60)
        const member = async () =>
          consume(bench, {
            topics: [topic],
            group,
            watch,
            bus: await bench.join(),
            handle: ({ record }) => turns(1 + (record.offset % 3)),
          })
        const publish = async (from: number, to: number) => {
          for (let at = from; at < to; at++) await bench.bus.publish(series(topic, keys, at, at + 1))
        }

        const [first, second] = [await member(), await member()]
        await shared(bench, [first, second], 6)
        // Each change of members comes while records of every partition wait and run.
        const busy = async (from: number, to: number, label: string) => {
          const publishing = publish(from, to)
          await bench.until(`the end of ${label}`, () =>
            [first, second].some((one) => one.finished().includes(label)),
          )
          return publishing
        }
        await busy(0, 15, 'key-0#0')
        const third = await member()
        await shared(bench, [first, second, third], 6)
        await publish(15, 20)
        await bench.until('a record at the third member', () => third.finished().length > 0)
        await Promise.all([publish(20, 30), third.subscription.close(5_000)])
        await shared(bench, [first, second], 6)
        await Promise.all([publish(30, 40), second.subscription.close(5_000)])
        await finishedAll(bench, [first, second, third], series(topic, keys, 0, 40).map(labelOf), 4)
        same(watch.fault(), undefined, 'order per key over all members')
      },
    },
    {
      name: 'a revoked member’s signals abort, and it commits nothing afterwards',
      async run(bench) {
        const topic = await bench.topic(4)
        const group = bench.group()
        const records = series(topic, keysNamed(16), 0, 1)
        const [held, never] = [gate(), gate()]
        await bench.bus.publish(records)
        const old = await consume(bench, {
          topics: [topic],
          group,
          concurrency: 16,
          handle: () => held.opened,
        })
        await bench.until('16 running handlers', () => old.running() === 16)

        const heir = await consume(bench, {
          topics: [topic],
          group,
          concurrency: 16,
          bus: await bench.join(),
          handle: () => never.opened,
        })
        await bench.until('a partition of the new member', () => heir.subscription.assigned().length > 0)
        await shared(bench, [old, heir], 4)
        const lost = new Set(heir.subscription.assigned().map(({ partition }) => partition))
        const revoked = old.handlings.filter(({ record }) => lost.has(record.partition))
        ensure(revoked.length > 0, 'the new member took partitions with running records')
        await bench.until('the abort of every revoked record', () =>
          revoked.every(({ signal }) => signal.aborted),
        )
        ensure(
          revoked.every(({ record }) => !old.subscription.owns(record)),
          'a revoked member owns what was taken from it no longer',
        )
        ensure(
          heir.subscription.assigned().every((place) => heir.subscription.owns(place)),
          'the new member owns what it was given',
        )
        const labels = revoked.map(({ label }) => label)
        await bench.until('the same records at the new owner', () =>
          labels.every((label) => heir.started().includes(label)),
        )

        held.open()
        await bench.until('the end of the old owner’s handlers', () => old.running() === 0)
        // The old owner leaves first, or it would get the partitions back and finish the records by right.
        await bench.soon(old.subscription.close(0), 'close() of the old owner')
        await bench.soon(heir.subscription.close(0), 'close() of the new owner')
        const last = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [last], labels)
      },
    },
  ],
}

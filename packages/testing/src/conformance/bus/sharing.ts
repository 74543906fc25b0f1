import type { TopicPartition } from '@commerce-mesh/mesh'
import type { Behaviour } from '../check.ts'
import { ensure, same } from '../evidence.ts'
import { keysNamed, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll, type Consumer } from './consumer.ts'

const numbersOf = (places: readonly TopicPartition[]) => places.map(({ partition }) => partition)

/** Waits until the members own all partitions of the topic, each partition once, each member at least `least`. */
export const shared = async (
  bench: BusBench,
  members: readonly Consumer[],
  partitions: number,
  least = 1,
): Promise<void> => {
  const owned = () => members.map(({ subscription }) => numbersOf(subscription.assigned()))
  await bench.until(
    () => `${partitions} partitions shared by ${members.length} members; they own ${JSON.stringify(owned())}`,
    () =>
      owned().every((own) => own.length >= least) &&
      owned().flat().length === partitions &&
      new Set(owned().flat()).size === partitions,
  )
}

/** The members of a group share its partitions. */
export const sharing: Behaviour<BusBench> = {
  behaviour: 'shares partitions among the members of a group',
  checks: [
    {
      name: 'gives a lone member every partition of all its topics',
      async run(bench) {
        const [first, second] = [await bench.topic(4), await bench.topic(2)]
        const { subscription } = await consume(bench, { topics: [first, second], group: bench.group() })
        await bench.until('6 partitions', () => subscription.assigned().length === 6)
        const places = subscription.assigned().map(({ topic, partition }) => `${topic}/${partition}`)
        const wanted = [0, 1, 2, 3]
          .map((at) => `${first}/${at}`)
          .concat([0, 1].map((at) => `${second}/${at}`))
        same(places.toSorted(), wanted.toSorted(), 'what the member owns')
      },
    },
    {
      name: 'counts a member in that no partition is left for, until it leaves',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        const members = [
          await consume(bench, { topics: [topic], group }),
          await consume(bench, { topics: [topic], group, bus: await bench.join() }),
        ]
        await shared(bench, members, 1, 0)
        await bench.until('both are members', () =>
          members.every(({ subscription }) => subscription.isMember()),
        )
        for (const { subscription } of members) {
          await bench.soon(subscription.close(0), 'close()')
          ensure(!subscription.isMember(), 'who has left is no member')
        }
      },
    },
    {
      name: 'gives each of two members a share; each record is handled by exactly one',
      async run(bench) {
        const topic = await bench.topic(4)
        const group = bench.group()
        const members = [
          await consume(bench, { topics: [topic], group }),
          await consume(bench, { topics: [topic], group, bus: await bench.join() }),
        ]
        await shared(bench, members, 4)
        const records = series(topic, keysNamed(40), 0, 5)
        await bench.bus.publish(records)
        await finishedAll(bench, members, records.map(labelOf))
        const started = members.flatMap((member) => member.started())
        same(started.toSorted(), records.map(labelOf).toSorted(), 'every record is handled once')
        for (const { handlings, subscription } of members) {
          const own = new Set(numbersOf(subscription.assigned()))
          const strange = handlings.filter(({ record }) => !own.has(record.partition))
          same(
            strange.map(({ label }) => label),
            [],
            'a member handles records of its own partitions only',
          )
        }
      },
    },
    {
      name: 'gives all to the one that stays when the other leaves',
      async run(bench) {
        const topic = await bench.topic(4)
        const group = bench.group()
        const stays = await consume(bench, { topics: [topic], group })
        const leaves = await consume(bench, { topics: [topic], group, bus: await bench.join() })
        await shared(bench, [stays, leaves], 4)
        const before = series(topic, keysNamed(20), 0, 2)
        await bench.bus.publish(before)
        await finishedAll(bench, [stays, leaves], before.map(labelOf))
        await leaves.subscription.close(5_000)
        same(leaves.subscription.assigned(), [], 'who has left owns nothing')
        await shared(bench, [stays], 4)
        const after = series(topic, keysNamed(20), 2, 4)
        await bench.bus.publish(after)
        await finishedAll(bench, [stays], after.map(labelOf))
        same(
          [...stays.started(), ...leaves.started()].toSorted(),
          [...before, ...after].map(labelOf).toSorted(),
          'every record is handled once',
        )
      },
    },
    {
      name: 'leaves a member too many without a partition, and loses nothing by it',
      async run(bench) {
        const topic = await bench.topic(2)
        const group = bench.group()
        const members = [
          await consume(bench, { topics: [topic], group }),
          await consume(bench, { topics: [topic], group, bus: await bench.join() }),
          await consume(bench, { topics: [topic], group, bus: await bench.join() }),
        ]
        await shared(bench, members, 2, 0)
        const records = series(topic, keysNamed(20), 0, 2)
        await bench.bus.publish(records)
        await finishedAll(bench, members, records.map(labelOf))
        ensure(
          members.some(
            (member) => member.subscription.assigned().length === 0 && member.started().length === 0,
          ),
          'one member has nothing to do',
        )
      },
    },
  ],
}

import type { Behaviour } from '../check.ts'
import { ensure, rejectsWithMeshError, same } from '../evidence.ts'
import { gate, turns } from '../eventually.ts'
import { keysNamed, labelled, labelOf, series, type BusBench } from './bench.ts'
import { consume, finishedAll, witness } from './consumer.ts'

/** Stop intake, drain, commit, leave; after that, nothing. */
export const closing: Behaviour<BusBench> = {
  behaviour: 'closes in order',
  checks: [
    {
      name: 'lets what runs finish within the grace, commits it, and starts nothing more',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        const held = gate()
        await bench.bus.publish(series(topic, ['a'], 0, 3))
        const first = await consume(bench, { topics: [topic], group, handle: () => held.opened })
        await bench.until('the first record', () => first.running() === 1)
        let closed = false
        const closing = first.subscription.close(60_000).then(() => (closed = true))
        await bench.bus.publish(series(topic, ['b'], 0, 3))
        await witness(bench, topic, series(topic, ['a', 'b'], 0, 3).map(labelOf))
        ensure(!closed, 'close() waits for the running handler')
        ensure(first.handlings[0]?.signal.aborted === false, 'the signal is silent within the grace')
        held.open()
        await bench.soon(closing, 'close() after the last handler')
        same(first.started(), ['a#0'], 'nothing starts after close()')
        same(first.finished(), ['a#0'], 'the running record finished in time')
        const second = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [second], ['a#1', 'a#2', 'b#0', 'b#1', 'b#2'])
        ensure(!second.started().includes('a#0'), 'what finished within the grace is committed')
      },
    },
    {
      name: 'aborts what still runs after the grace, even if it does not listen, and commits nothing of it',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        const held = gate()
        await bench.bus.publish(series(topic, ['a', 'b'], 0, 1))
        const first = await consume(bench, { topics: [topic], group, handle: () => held.opened })
        await bench.until('both records', () => first.running() === 2)
        await bench.soon(first.subscription.close(20), 'close() with handlers that hang')
        ensure(
          first.handlings.every(({ signal }) => signal.aborted),
          'the signals have aborted',
        )
        same(first.subscription.assigned(), [], 'a closed subscription may take up nothing')
        ensure(!first.subscription.owns({ topic, partition: 0 }), 'a closed subscription owns nothing')
        held.open()
        await bench.until('the late end of the handlers', () => first.running() === 0)
        const second = await consume(bench, { topics: [topic], group })
        await finishedAll(bench, [second], ['a#0', 'b#0'])
      },
    },
    {
      name: 'waits for what is done for it beside its records, and aborts that after the grace',
      async run(bench) {
        const topic = await bench.topic(1)
        const group = bench.group()
        const place = { topic, partition: 0 }
        const patient = await consume(bench, { topics: [topic], group })
        await bench.until('the partition', () => patient.subscription.assigned().length === 1)
        same(patient.subscription.hold({ topic, partition: 7 }), undefined, 'work for what it does not own')
        const hold = patient.subscription.hold(place)
        ensure(hold !== undefined && !hold.signal.aborted, 'work for what it owns')
        let closed = false
        const closing = patient.subscription.close(60_000).then(() => (closed = true))
        await bench.bus.publish(series(topic, ['a'], 0, 1))
        await witness(bench, topic, ['a#0'])
        ensure(!closed, 'close() waits for the work')
        ensure(hold?.signal.aborted === false, 'the signal is silent within the grace')
        hold?.release()
        await bench.soon(closing, 'close() after the work')
        same(patient.subscription.hold(place), undefined, 'work at a closed subscription')

        const hasty = await consume(bench, { topics: [topic], group })
        await bench.until('the partition again', () => hasty.subscription.assigned().length === 1)
        const forgotten = hasty.subscription.hold(place)
        await bench.soon(hasty.subscription.close(20), 'close() with work that does not end')
        ensure(forgotten?.signal.aborted === true, 'the signal has aborted')
      },
    },
    {
      name: 'closes at once when nothing runs, and twice without harm',
      async run(bench) {
        const topic = await bench.topic(2)
        const consumer = await consume(bench, { topics: [topic], group: bench.group() })
        const closes = Promise.all([consumer.subscription.close(3_600_000), consumer.subscription.close(0)])
        await bench.soon(closes, 'close() with nothing to do')
        await bench.soon(consumer.subscription.close(0), 'the third close()')
        await bench.soon(bench.bus.close(), 'close() of the bus')
        await bench.soon(bench.bus.close(), 'the second close() of the bus')
      },
    },
    {
      name: 'ends every subscription when the bus closes, and refuses work',
      async run(bench) {
        const topic = await bench.topic(1)
        await bench.bus.publish(series(topic, keysNamed(2), 0, 3))
        const held = gate()
        const consumer = await consume(bench, {
          topics: [topic],
          group: bench.group(),
          handle: () => held.opened,
        })
        await bench.until('both keys', () => consumer.running() === 2)
        await bench.soon(bench.bus.close(), 'close() of the bus')
        ensure(
          consumer.handlings.every(({ signal }) => signal.aborted),
          'the signals have aborted',
        )
        held.open()
        await bench.until('the late end of the handlers', () => consumer.running() === 0)
        await rejectsWithMeshError(
          bench.bus.publish([labelled(topic, 'a', 'late')]),
          'publish() after close()',
          'MESH_BUS_UNAVAILABLE',
        )
        const options = { topics: [topic], group: bench.group(), concurrency: 1, handle: () => turns(1) }
        await rejectsWithMeshError(bench.bus.subscribe(options), 'subscribe() after close()')
        same(consumer.started().length, 2, 'nothing starts after close()')
      },
    },
    {
      name: 'refuses records for a topic that nobody declared',
      async run(bench) {
        const declared = await bench.topic(1)
        const undeclared = `${declared.replace('conformance', 'undeclared')}`
        await rejectsWithMeshError(
          bench.soon(
            bench.bus.publish([labelled(undeclared, 'a', 'lost')]),
            'publish() to an undeclared topic',
          ),
          'publish() to an undeclared topic',
        )
        same((await bench.bus.publish([labelled(declared, 'a', 'kept')])).length, 1, 'the bus goes on')
      },
    },
  ],
}

import type { BusRecord, OutgoingRecord } from '@commerce-mesh/mesh'
import type { Behaviour } from '../check.ts'
import { ensure, same, sameBytes } from '../evidence.ts'
import type { BusBench } from './bench.ts'
import { consume } from './consumer.ts'

type Payload = Omit<OutgoingRecord, 'topic'>

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)

const plain: Payload = { key: 'key', headers: {}, value: Buffer.from('value') }

/** Publishes the payloads to one partition and gives back what a group and read() see of them, in the log's order. */
const roundTrip = async (bench: BusBench, payloads: readonly Payload[]): Promise<BusRecord[][]> => {
  const topic = await bench.topic(1)
  await bench.bus.publish(payloads.map((payload) => ({ topic, ...payload })))
  const consumer = await consume(bench, { topics: [topic], group: bench.group() })
  await bench.until('all records', () => consumer.finished().length >= payloads.length)
  const consumed = consumer.handlings.map(({ record }) => record).toSorted((a, b) => a.offset - b.offset)
  const read = await bench.bus.read({ topic, partition: 0 }, 0, payloads.length + 1)
  for (const records of [consumed, read]) same(records.length, payloads.length, 'each record is there once')
  return [consumed, read]
}

/** Nothing about a record changes on its way. */
export const payload: Behaviour<BusBench> = {
  behaviour: 'keeps records unharmed',
  checks: [
    {
      name: 'keeps values: any byte, none, null, 256 KiB',
      async run(bench) {
        const big = new Uint8Array(256 * 1024).map((_, at) => (at * 31) % 256)
        // A view into a larger buffer: only the view is the value.
        const view = everyByte.subarray(100, 110)
        const values = [everyByte, new Uint8Array(0), null, view, big, Buffer.from('text')]
        const payloads = values.map((value) => ({ ...plain, value }))
        for (const records of await roundTrip(bench, payloads)) {
          for (const [at, value] of values.entries()) {
            const got = records[at]?.value ?? null
            sameBytes(got, value, `value ${at} of ${value?.length ?? 'no'} bytes`)
          }
        }
      },
    },
    {
      name: 'keeps keys: null, empty, long, beyond ASCII',
      async run(bench) {
        const keys = [null, '', 'a', 'Bestellung-№-42-😀', 'x'.repeat(1_000), 'with space/and:colon']
        for (const records of await roundTrip(
          bench,
          keys.map((key) => ({ ...plain, key })),
        )) {
          same(
            records.map(({ key }) => key),
            keys,
            'keys',
          )
        }
      },
    },
    {
      name: 'keeps headers: none, many, an empty one, long ones, beyond ASCII',
      async run(bench) {
        const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`header-${at}`, `${at}`]))
        const headers: OutgoingRecord['headers'][] = [
          {},
          { empty: '' },
          { ce_subject: 'Zoë – 学习 😀', größe: 'ü' },
          { 'Mixed-Case': 'KEPT', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
          { long: 'x'.repeat(8_192) },
          many,
        ]
        for (const records of await roundTrip(
          bench,
          headers.map((one) => ({ ...plain, headers: one })),
        )) {
          for (const [at, expected] of headers.entries())
            same(records[at]?.headers, expected, `headers ${at}`)
        }
      },
    },
    {
      name: 'tells partition, rising offset and the time when it took the record',
      async run(bench) {
        const before = Date.now()
        const seen = await roundTrip(bench, [plain, plain, plain])
        for (const records of seen) {
          let last = -1
          for (const { partition, offset, timestamp } of records) {
            same(partition, 0, 'partition')
            ensure(Number.isSafeInteger(offset) && offset > last, `offset ${offset} after ${last}`)
            // A minute of leeway: the broker's clock is another machine's.
            ensure(
              Number.isInteger(timestamp) && timestamp > before - 60_000 && timestamp < Date.now() + 60_000,
              `timestamp ${timestamp} is about now, in milliseconds`,
            )
            last = offset
          }
        }
        same(
          seen[0]?.map(({ offset }) => offset),
          seen[1]?.map(({ offset }) => offset),
          'offsets',
        )
        same(
          seen[0]?.map(({ timestamp }) => timestamp),
          seen[1]?.map(({ timestamp }) => timestamp),
          'times',
        )
      },
    },
  ],
}

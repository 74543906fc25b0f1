import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fakeBrokers, parcel } from './brokers.fixture.ts'

// Whatever the brokers do: what was confirmed is written, and each key's records stand in the order of their callers.

/** Ways in which one request may go. */
const CONDUCTS = ['write', 'lost answer', 'lost request', 'short', 'moved', 'nothing'] as const

const NOT_LEADER = 6

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('what was confirmed', () => {
  it('is written, each key in order, through any run of failures', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...CONDUCTS), { maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
        async (script, keys) => {
          const brokers = fakeBrokers()
          const left = [...script]
          brokers.conduct = async (shipments) => {
            await turn()
            await turn()
            const half = shipments.filter((_, at) => at % 2 === 0)
            switch (left.shift()) {
              case 'lost answer':
                brokers.write(shipments)
                return Promise.reject(new Error('Closed connection'))
              case 'lost request':
                return Promise.reject(new Error('Closed connection'))
              case 'short':
                return brokers.write(half)
              case 'moved':
                return shipments.map((shipment) =>
                  half.includes(shipment)
                    ? { ...shipment.place, errorCode: NOT_LEADER }
                    : (brokers.write([shipment])[0] ?? { ...shipment.place, errorCode: -1 }),
                )
              case 'nothing':
                return []
              case 'write':
              case undefined:
                return brokers.write(shipments)
            }
          }
          const counts = new Map<number, number>()
          const labels = keys.map((key) => {
            const count = counts.get(key) ?? 0
            counts.set(key, count + 1)
            return { key: `key-${key}`, text: `${key}#${count}` }
          })
          const published: Promise<unknown>[] = []
          for (const { key, text } of labels) {
            published.push(brokers.producer.publish([parcel(text, key)]))
            if (published.length % 3 === 0) await turn()
          }
          await Promise.all(published)
          const written = [...new Set([...brokers.log.values()].flat())]
          expect(written.toSorted()).toEqual(labels.map(({ text }) => text).toSorted())
          for (const [key, count] of counts) {
            const firsts = written.filter((text) => text.startsWith(`${key}#`))
            expect(firsts).toEqual(Array.from({ length: count }, (_, at) => `${key}#${at}`))
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

import { deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { orderedEvent, outgoing, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { done, emit, retry } from '../service/outcome.ts'
import { type Packer, packIt, packing, quickConfig, shops, untilSettled } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const learner = { email: 'marker.email@example.org', username: 'marker-username' }
const MARKER = /marker[.-](email|username)/i

/** Every way in which a handler can go wrong with personal data in its hands. */
const careless: Packer = (order, state, context, event) => {
  const words = `${order.learner?.email}\nno such learner\n    at ${order.learner?.username} (file.ts:1:2)`
  switch (order.wish ?? '') {
    case 'throw':
      throw new RangeError(words)
    case 'reject':
      return Promise.reject(new Error(words, { cause: new Error(words) }))
    case 'throw-text':
      throw words as unknown as Error
    case 'emit':
      return done(state, [
        { contract: parcelPacked, data: { parcel: order.parcel, [order.learner?.email ?? '']: words } },
      ])
    case 'emit-note':
      return done(state, [{ contract: parcelPacked, data: { parcel: order.parcel, note: { words } } }])
    case 'answer':
      return words as never
    case 'exhaust':
      return retry({ code: 'MESH_LMS_ERROR', reason: 'ill' })
    case 'state':
      return done({ packed: BigInt(1), words } as never)
    default:
      return packIt(order, state, context, event)
  }
}

const exhausted = (order: { learner?: { email: string } | undefined }) => {
  throw new TypeError(order.learner?.email)
}

const wishes = ['throw', 'reject', 'throw-text', 'emit', 'emit-note', 'answer', 'exhaust', 'state', 'pack']

describe('personal data (promise 11)', () => {
  it('never enters logs, journal, dead-letter events, metrics, reasons or error messages', async () => {
    const retrying = { ...quickConfig('').retry, initialMs: 10, windowHours: 1_000 / 3_600_000 }
    const shop = await open([packing(careless, { exhausted })], { retry: { ...retrying } })
    await shop.order(...wishes.map((wish, nth) => ({ parcel: `P-${nth}`, wish, learner })))
    const sound = outgoing(orderedEvent('bad', { parcel: 'P-1', learner }))
    const broken = [
      '{"parcel":"P-1","learner":{"email":"marker.email@example.org"',
      JSON.stringify({ parcel: 'P-1', learner: { ...learner, 'marker.email@example.org': 1 } }),
      JSON.stringify({ parcel: 'P-1', learner: { email: 'marker.email', username: 7 } }),
      JSON.stringify({ parcel: 'P-1', learner: 'marker.email@example.org' }),
      JSON.stringify({ parcel: 'P-1', 'marker.email@example.org': true }),
      JSON.stringify(['marker.email@example.org']),
    ]
    await shop.mesh.bus.publish(
      broken.map((text, nth) => ({
        ...sound,
        headers: { ...sound.headers, ce_id: `bad-${nth}` },
        value: Buffer.from(text),
      })),
    )
    const put = shop.mesh.store.put.bind(shop.mesh.store)
    jest.spyOn(shop.mesh.store, 'put').mockRejectedValueOnce(new Error('disk full')).mockImplementation(put)
    await untilSettled(shop.mesh, [packing()])

    const letters = await shop.mesh.operations.deadLetters({})
    expect(letters).toHaveLength(wishes.length - 1 + broken.length)
    expect(shop.logged.join('\n')).toContain('RangeError')
    const told = {
      logged: shop.logged,
      hops: await shop.events(hopRecorded),
      announcements: await shop.events(deadLetterRecorded),
      reasons: letters.map((letter) => ({ ...letter, record: undefined })),
      metrics: await shop.mesh.metrics.text(),
      audit: await shop.mesh.operations.audit(),
    }
    expect(told.hops.length).toBeGreaterThanOrEqual(wishes.length)
    expect(told.announcements).toHaveLength(letters.length)
    for (const [where, what] of Object.entries(told))
      expect([where, MARKER.exec(JSON.stringify(what))]).toEqual([where, null])

    const errors = await Promise.all(
      letters.map(({ id }) => shop.mesh.operations.redrive(id, 'ann').then(() => '', String)),
    )
    expect(errors.filter((error) => error !== '')).toHaveLength(broken.length)
    expect(errors.join('\n')).not.toMatch(MARKER)
  })

  it('is kept where it belongs: in the letter’s record, so that a person can see and redrive it', async () => {
    const shop = await open([packing(() => done({ packed: 1 }, [emit(parcelPacked, { parcel: '' })]))])
    await shop.order({ parcel: 'P-1', learner })
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({})
    expect(Buffer.from(letter?.record.value ?? '', 'base64').toString()).toMatch(MARKER)
  })
})

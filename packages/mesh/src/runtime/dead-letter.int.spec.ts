import { deadLetterRecorded } from '@commerce-mesh/contracts'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { z } from 'zod'
import { type AggregateDocument, WAITING_LIMIT } from '../aggregate/document.ts'
import { parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { on } from '../service/handler.ts'
import { type Outcome, dead, done, emit, retry } from '../service/outcome.ts'
import { type Service, defineService } from '../service/service.ts'
import { packIt, packing, shops, type Packer, type Packing } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const refused = { code: 'MESH_LMS_FORBIDDEN', reason: 'The LMS says no.' }
const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

describe('a permanent failure', () => {
  it('is not tried again: a dead letter, the event that announces it, the journal', async () => {
    const pack = jest.fn<Packer>(() => dead(refused))
    const shop = await open([packing(pack)])
    await shop.order('P-1')
    await shop.settled()
    expect(pack).toHaveBeenCalledTimes(1)
    const [letter] = await shop.mesh.operations.deadLetters({})
    expect(letter).toMatchObject({
      class: 'permanent',
      ...refused,
      service: 'packing',
      handler: 'pack',
      key: 'P-1',
      attempts: 1,
    })
    expect(await shop.events(deadLetterRecorded)).toMatchObject([
      { data: { deadLetterId: letter?.id, key: 'P-1' } },
    ])
    expect(await shop.hops('P-1')).toMatchObject([{ outcome: 'dead', ...refused }])
    expect(await shop.metric('mesh_dead_letters')).toEqual(['mesh_dead_letters{class="all"} 1'])
    const told = shop.logged.map((line) => JSON.parse(line) as object)
    expect(told).toContainEqual(expect.objectContaining({ msg: 'dead letter', key: 'P-1', ...refused }))
    expect(await shop.mesh.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ accepted: 1, dead: 1 }],
    })
  })

  it('holds up nothing: what follows under the same key is handled', async () => {
    const pack: Packer = (order, state, context, event) =>
      order.wish === 'die' ? dead(refused) : packIt(order, state, context, event)
    const shop = await open([packing(pack)])
    await shop.order({ parcel: 'P-1', wish: 'die' }, 'P-1')
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(1)
  })
})

describe('a handler with a fault', () => {
  it('is tried ten times when it throws, then its record is dead', async () => {
    const pack = jest.fn<Packer>(() => {
      throw new RangeError('marker')
    })
    const shop = await open([packing(pack)])
    await shop.order('P-1')
    await shop.settled()
    expect(pack.mock.calls.map(([, , { attempt }]) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const [letter] = await shop.mesh.operations.deadLetters({})
    expect(letter).toMatchObject({ code: 'MESH_HANDLER_THREW', class: 'permanent', attempts: 10 })
    expect(letter?.reason).toContain('RangeError')
  })

  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const faulty: readonly (readonly [string, () => Outcome<Packing>])[] = [
    [
      'an event that breaks its contract',
      () => done({ packed: 1 }, [{ contract: parcelPacked, data: { parcel: 7 } }]),
    ],
    [
      'an event larger than 1 MiB',
      () => done({ packed: 1 }, [emit(parcelPacked, { parcel: 'P-1', note: 'x'.repeat(1_100_000) })]),
    ],
    [
      'an event that its service does not declare',
      () => done({ packed: 1 }, [emit(parcelOrdered, { parcel: 'P-9' })]),
    ],
    ['a reason that no journal can hold', () => dead({ ...refused, reason: 'x'.repeat(1_100_000) })],
    ['a state that is no JSON: a cycle', () => done(circle as unknown as Packing)],
    ['a state that is no JSON: a bigint', () => done({ packed: 1n } as unknown as Packing)],
  ]
  it.each(faulty)('leaves no change behind when it decides on %s', async (_, outcome) => {
    const pack: Packer = (order, state, context, event) =>
      order.wish === 'fault' ? outcome() : packIt(order, state, context, event)
    const shop = await open([packing(pack)])
    await shop.order({ parcel: 'P-1', wish: 'fault' }, 'P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({})).toMatchObject([
      { code: 'MESH_HANDLER_OUTPUT', eventId: 'P-1#1' },
    ])
    expect(await shop.packed('P-1')).toBe(1)
    expect(await shop.events(parcelPacked)).toHaveLength(1)
    expect((await shop.metric('mesh_records_total')).toSorted()).toEqual([
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="dead"} 1',
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="done"} 1',
    ])
  })
})

describe('a line that is full (promise 9)', () => {
  it('makes dead letters of what finds no room, and keeps the rest in order', async () => {
    const shop = await open([packing(() => retry({ ...ill, afterMs: 3_600_000 }))])
    await shop.order(...Array.from({ length: WAITING_LIMIT + 3 }, () => 'P-1'))
    const { operations, store } = shop.mesh
    const letters = await eventually('no room', async () => {
      const found = await operations.deadLetters({})
      return found.length === 3 && found
    })
    const ids = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, nth) => `P-1#${from + nth}`)
    expect(letters.map(({ eventId }) => eventId)).toEqual(ids(WAITING_LIMIT + 1, WAITING_LIMIT + 4))
    expect(new Set(letters.map(({ code }) => code))).toEqual(new Set(['MESH_WAITING_FULL']))
    const stored = await store.get<AggregateDocument>('packing', 'P-1')
    expect(stored?.body.waiting?.records.map(({ eventId }) => eventId)).toEqual(ids(1, WAITING_LIMIT + 1))

    const [{ id } = { id: '' }] = letters
    await expect(operations.redrive(id, 'ann')).rejects.toMatchObject({ code: 'MESH_WAITING_FULL' })
    expect(await operations.deadLetter(id)).toMatchObject({ status: 'open' })
    await eventually('all counted', async () =>
      (await shop.metric('mesh_records_total')).includes(
        'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="dead"} 3',
      ),
    )
  })
})

describe('a dead letter of a dead letter', () => {
  it('is not announced by a further event, which would die as well, and so on without end', async () => {
    const watching = defineService<object, object>({
      name: 'watching',
      options: z.strictObject({}),
      handlers: [on(deadLetterRecorded, 'watch', () => dead(refused))],
      emits: [],
      initialState: () => ({}),
      concurrency: 1,
    }) as unknown as Service<never, never>
    const shop = await open([packing(() => dead(refused)), watching])
    await shop.order('P-1')
    await eventually('both letters', async () => (await shop.mesh.operations.deadLetters({})).length === 2)
    await shop.settled()
    expect((await shop.mesh.operations.deadLetters({})).map(({ service }) => service)).toEqual([
      'packing',
      'watching',
    ])
    expect(await shop.events(deadLetterRecorded)).toMatchObject([{ data: { service: 'packing' } }])
  })
})

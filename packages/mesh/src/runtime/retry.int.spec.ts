import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { parcelFailed, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { eventually, gate } from '../flow/eventually.fixture.ts'
import { pause } from '../flow/pause.ts'
import { done, emit, retry } from '../service/outcome.ts'
import { packIt, packing, quickConfig, shops, type Packer } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ill = { code: 'MESH_LMS_ERROR', reason: 'The LMS is ill.' }

/** Packs, but fails the first `times` attempts at parcels with a wish. */
const failing =
  (times: number): Packer =>
  (order, state, context, event) =>
    order.wish !== undefined && context.attempt <= times ? retry(ill) : packIt(order, state, context, event)

const outcomes = (hops: readonly { attempt: number; outcome: string }[]) =>
  hops.toSorted((a, b) => a.attempt - b.attempt).map(({ attempt, outcome }) => `${attempt} ${outcome}`)

describe('a transient failure', () => {
  it('is tried again until it comes right, and each attempt is in the journal', async () => {
    const shop = await open([packing(failing(2))])
    await shop.order({ parcel: 'P-1', wish: 'fail' })
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(1)
    const hops = await shop.hops('P-1')
    expect(outcomes(hops)).toEqual(['1 retry', '2 retry', '3 done'])
    const [first] = hops.filter(({ attempt }) => attempt === 1)
    expect(first).toMatchObject({ ...ill, caused: [] })
    expect(
      Date.parse(first?.nextAttemptAt ?? '') - Date.parse(first?.startedAt ?? ''),
    ).toBeGreaterThanOrEqual(10)
    expect(await shop.events(parcelPacked)).toHaveLength(1)
    // Counted just after the commit that `settled` sees.
    await eventually('the last attempt counted', async () =>
      (await shop.metric('mesh_records_total')).some((line) => line.includes('outcome="done"')),
    )
    expect(await shop.metric('mesh_records_total')).toEqual([
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="retry"} 2',
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="done"} 1',
    ])
  })

  it('keeps the state that was reached, attempt by attempt', async () => {
    const seen: number[] = []
    const pack: Packer = (_order, { packed }, { attempt }) => {
      seen.push(packed)
      return attempt < 3 ? retry(ill, { state: { packed: packed + 10 } }) : done({ packed: packed + 1 })
    }
    const shop = await open([packing(pack)])
    await shop.order('P-1')
    await shop.settled()
    expect(seen).toEqual([0, 10, 20])
    expect(await shop.packed('P-1')).toBe(21)
  })

  it('waits at least as long as the other side asks', async () => {
    const times: number[] = []
    const pack: Packer = (order, state, context, event) => {
      times.push(performance.now())
      return context.attempt === 1 ? retry({ ...ill, afterMs: 150 }) : packIt(order, state, context, event)
    }
    const shop = await open([packing(pack)])
    await shop.order('P-1')
    await shop.settled()
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(149)
  })

  it('holds back its own key and no other, and its followers keep their order (promise 3)', async () => {
    const seen: string[] = []
    const healed = gate()
    let ready = false
    const pack: Packer = (order, state, context, event) => {
      if (order.wish === 'wait' && !ready) return retry(ill)
      seen.push(event.id)
      return packIt(order, state, context, event)
    }
    const shop = await open([packing(pack)])
    await shop.order({ parcel: 'P-1', wish: 'wait' }, 'P-1', 'P-1', 'P-2')
    await shop.order('P-2', 'P-3')
    await eventually('the other keys', () => seen.length === 3)
    await shop.order('P-1')
    const waits = await eventually('three behind the first', async () => {
      const [audit] = (await shop.mesh.operations.audit()).services
      return audit?.waiting === 4 && audit
    })
    expect(waits).toMatchObject({ accepted: 7, done: 3, drift: 0 })
    expect(seen.toSorted()).toEqual(['P-2#1', 'P-2#2', 'P-3#1'])
    expect(await shop.metric('mesh_waiting_records')).toEqual(['mesh_waiting_records{service="packing"} 1'])
    ready = true
    healed.open()
    await shop.settled()
    expect(seen.filter((id) => id.startsWith('P-1'))).toEqual(['P-1#1', 'P-1#2', 'P-1#3', 'P-1#4'])
    expect(await shop.packed('P-1')).toBe(4)
  })

  it('goes on after a restart, with its count, its window and its followers', async () => {
    const before = await open([packing(() => retry(ill))])
    await before.order('P-1', 'P-1')
    await eventually('a second attempt', async () => (await before.hops('P-1')).length >= 2)
    await before.mesh.stop()
    const attempts: [string, number][] = []
    const pack: Packer = (order, state, context, event) => {
      attempts.push([event.id, context.attempt])
      return packIt(order, state, context, event)
    }
    const after = await open([packing(pack)], { data: before.data })
    await after.settled()
    expect(attempts).toEqual([
      ['P-1#1', expect.any(Number)],
      ['P-1#2', 1],
    ])
    expect(attempts[0]?.[1]).toBeGreaterThan(2)
    expect(await after.packed('P-1')).toBe(2)
  })
})

describe('the retry window (promise 8)', () => {
  const retryFor = (windowMs: number) => ({
    retry: { ...quickConfig('').retry, windowHours: windowMs / 3_600_000 },
  })
  const exhausted = () => ({ state: { packed: -1 }, events: [emit(parcelFailed, { parcel: 'P-1' })] })

  it('ends in a dead letter of class exhausted, with what the handler leaves behind', async () => {
    const shop = await open([packing(() => retry(ill), { exhausted })], retryFor(60))
    await shop.order('P-1')
    await shop.settled()
    const [letter] = await shop.mesh.operations.deadLetters({})
    expect(letter).toMatchObject({ class: 'exhausted', ...ill, key: 'P-1', eventId: 'P-1#1' })
    expect(letter?.attempts).toBeGreaterThan(1)
    expect(await shop.packed('P-1')).toBe(-1)
    expect(await shop.events(parcelFailed)).toHaveLength(1)
    expect(outcomes(await shop.hops('P-1')).at(-1)).toBe(`${letter?.attempts} dead`)
    expect(await shop.metric('mesh_records_total')).toContain(
      'mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="dead"} 1',
    )
  })

  it('opens anew for each record of a line: what waited behind another has had no attempt yet', async () => {
    const seen: string[] = []
    const pack: Packer = (order, state, context, event) => {
      seen.push(`${event.id} ${context.attempt}`)
      return event.id === 'P-1#1' ? retry(ill) : packIt(order, state, context, event)
    }
    const shop = await open([packing(pack)], retryFor(60))
    await shop.order('P-1', 'P-1')
    await shop.settled()
    expect(seen.at(-1)).toBe('P-1#2 1')
    expect(await shop.packed('P-1')).toBe(1)
  })

  it('ends all the same when the handler’s own ending throws, and its words stay untold (promises 5 and 11)', async () => {
    const broken = () => {
      throw new RangeError('marker@example.org')
    }
    const shop = await open([packing(() => retry(ill), { exhausted: broken })], retryFor(30))
    await shop.order('P-1', 'P-1')
    await shop.settled()
    expect(await shop.mesh.operations.deadLetters({ class: 'exhausted' })).toHaveLength(2)
    expect(shop.logged.join('')).toContain('RangeError')
    expect(shop.logged.join('')).not.toContain('marker')
  })
})

describe('a store that fails under a waiting record', () => {
  it('does not make the handler run in a tight circle: each run may call the LMS', async () => {
    const pack = jest.fn<Packer>((_order, state, { attempt }) => (attempt === 1 ? retry(ill) : done(state)))
    const shop = await open([packing(pack)])
    const put = shop.mesh.store.put.bind(shop.mesh.store)
    let broken = false
    jest.spyOn(shop.mesh.store, 'put').mockImplementation(async (...write) => {
      if (broken) throw new MeshError('MESH_STORE_UNAVAILABLE', 'The disk is full.')
      const version = await put(...write)
      // The outbox is cleared last: from now on the disk is full.
      broken = write[0] === 'packing' && (write[2] as { outbox: unknown[] }).outbox.length === 0
      return version
    })
    await shop.order('P-1')
    await eventually('a second attempt', () => pack.mock.calls.length >= 2)
    // Time enough for a circle to show: without a pause there are some two hundred calls in it.
    await pause(300)
    expect(pack.mock.calls.length).toBeLessThan(5)
    broken = false
    await shop.settled()
    expect(await shop.mesh.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1 }] })
  })
})

import { beforeEach, describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import { type MemoryStore, createMemoryStore } from '../edge/memory-store.ts'
import { json } from '../http/answer.ts'
import { idempotencyCollection, once, sweepIdempotency } from './idempotency.ts'
import { sweepAll } from './sweeper.ts'

const ACCEPTED = json(202, { orderNumber: 'EDX-1' }, { location: '/v1/orders/EDX-1' })
const REQUEST = { caller: 'storefront', key: 'k1', fingerprint: 'f1' }

let store: MemoryStore
let time: number
let runs: number
const now = () => time

beforeEach(async () => {
  store = createMemoryStore()
  await store.declare(idempotencyCollection)
  time = 1_000_000
  runs = 0
})

const work = async () => {
  runs += 1
  return ACCEPTED
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

/** Work that ends when it is told to. */
const held = () => {
  const control = { finish: () => {} }
  const promise = new Promise<void>((resolve) => {
    control.finish = resolve
  })
  return { ...control, finish: () => control.finish(), work: () => promise.then(work) }
}

describe('once', () => {
  it('works once and answers the same request again with what is kept', async () => {
    expect(await once(store, REQUEST, now, work)).toEqual(ACCEPTED)
    expect(await once(store, REQUEST, now, work)).toEqual({
      ...ACCEPTED,
      headers: { location: '/v1/orders/EDX-1', 'idempotent-replayed': 'true' },
    })
    expect(runs).toBe(1)
  })

  it('refuses the key for another request with 422', async () => {
    await once(store, REQUEST, now, work)
    expect(await failure(once(store, { ...REQUEST, fingerprint: 'f2' }, now, work))).toMatchObject({
      status: 422,
      code: 'MESH_IDEMPOTENCY_REUSED',
    })
    expect(runs).toBe(1)
  })

  it('knows keys by caller: two callers may use the same', async () => {
    await once(store, REQUEST, now, work)
    await once(store, { ...REQUEST, caller: 'partner', fingerprint: 'f2' }, now, work)
    await once(store, { ...REQUEST, caller: 'storefrontk', key: '1', fingerprint: 'f3' }, now, work)
    expect(runs).toBe(3)
  })

  it('answers 409 with Retry-After while the first request runs, also another request’s 422', async () => {
    const first = held()
    const running = once(store, REQUEST, now, first.work)
    time += 20_000
    expect(await failure(once(store, REQUEST, now, work))).toMatchObject({
      status: 409,
      code: 'MESH_IDEMPOTENCY_IN_FLIGHT',
      headers: { 'retry-after': '40' },
    })
    expect(await failure(once(store, { ...REQUEST, fingerprint: 'f2' }, now, work))).toMatchObject({
      status: 422,
    })
    first.finish()
    expect(await running).toEqual(ACCEPTED)
    expect(runs).toBe(1)
  })

  it('frees a claim after 60 s: the process that held it crashed', async () => {
    const crashed = held()
    void once(store, REQUEST, now, crashed.work)
    time += 59_999
    expect(await failure(once(store, REQUEST, now, work))).toMatchObject({ status: 409 })
    time += 1
    expect(await once(store, REQUEST, now, work)).toEqual(ACCEPTED)
    crashed.finish()
  })

  it('frees the key at once when the work fails, so that the caller may try again', async () => {
    const down = new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full')
    expect(await failure(once(store, REQUEST, now, () => Promise.reject(down)))).toBe(down)
    expect(await once(store, REQUEST, now, work)).toEqual(ACCEPTED)
  })

  it('answers what was accepted even when the answer can’t be kept', async () => {
    const answer = once(store, REQUEST, now, async () => {
      store.failing = true
      return await work()
    })
    expect(await answer).toEqual(ACCEPTED)
  })

  it('accepts nothing when the claim can’t be stored', async () => {
    store.failing = true
    expect(await failure(once(store, REQUEST, now, work))).toMatchObject({ code: 'MESH_STORE_UNAVAILABLE' })
    expect(runs).toBe(0)
  })

  it('forgets a key after 24 hours', async () => {
    await once(store, REQUEST, now, work)
    time += 86_399_999
    expect(await once(store, REQUEST, now, work)).toHaveProperty(['headers', 'idempotent-replayed'])
    time += 1
    expect(await once(store, { ...REQUEST, fingerprint: 'f2' }, now, work)).toEqual(ACCEPTED)
    expect(runs).toBe(2)
  })

  it('lets exactly one of many at once through', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => once(store, REQUEST, now, work)),
    )
    expect(runs).toBe(1)
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
  })
})

describe('sweepIdempotency', () => {
  it('deletes what has expired, so many at once, and nothing else', async () => {
    for (let index = 0; index < 5; index += 1)
      await once(store, { ...REQUEST, key: `old${index}` }, now, work)
    time += 86_400_000
    await once(store, { ...REQUEST, key: 'fresh' }, now, work)
    expect(await sweepIdempotency(store, time, 3)).toBe(3)
    expect(await sweepIdempotency(store, time, 3)).toBe(2)
    expect(await sweepIdempotency(store, time, 3)).toBe(0)
    expect(await store.count(idempotencyCollection.name, {})).toBe(1)
  })
})

describe('sweepAll', () => {
  it('goes on while there is more, but only so long', async () => {
    for (let index = 0; index < 9; index += 1)
      await once(store, { ...REQUEST, key: `old${index}` }, now, work)
    time += 86_400_000
    expect(await sweepAll(store, time, { atOnce: 2, batches: 3 })).toBe(6)
    expect(await sweepAll(store, time, { atOnce: 2, batches: 3 })).toBe(3)
  })
})

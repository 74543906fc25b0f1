import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { MongodbStore } from '@commerce-mesh/mesh'
import { describeEngine } from '../engines/index.ts'
import { eventually, within } from './eventually.ts'
import { type TestDatabase, testDatabase } from './mongodb-database.fixture.ts'
import { type TcpProxy, openTcpProxy } from './tcp-proxy.fixture.ts'

/** Of the store behind the proxy. */
const TIMEOUT_MS = 3_000

const UNAVAILABLE = { code: 'MESH_STORE_UNAVAILABLE' }

const targetOf = (url: string) => {
  const [, host = '127.0.0.1', port = '27017'] = /(?:@|\/\/)([^/:,?]+)(?::(\d+))?/.exec(url) ?? []
  return { host, port: Number(port) }
}

/** Adds one, whoever else does. */
const increment = async (store: MongodbStore, id: string): Promise<void> => {
  for (;;) {
    const known = await store.get<{ count: number }>('counters', id)
    if (known === undefined) throw new Error('The document vanished.')
    const version = await store.put('counters', id, { count: known.body.count + 1 }, known.version)
    if (version !== undefined) return
  }
}

describeEngine('mongodb', 'The MongoDB store among other processes', (url) => {
  let database: TestDatabase
  beforeEach(() => {
    database = testDatabase(url)
  })
  afterEach(() => database.drop())

  it('loses no increment that two processes make', async () => {
    const stores = [await database.open(), await database.open()]
    for (const store of stores) await store.declare({ name: 'counters', indexes: {} })
    await stores[0]?.put('counters', 'n', { count: 0 }, 0)
    const times = async (store: MongodbStore) => {
      for (let time = 0; time < 10; time++) await increment(store, 'n')
    }
    await Promise.all(stores.flatMap((store) => Array.from({ length: 3 }, () => times(store))))
    expect(await stores[1]?.get('counters', 'n')).toMatchObject({ body: { count: 60 } })
  })

  it('works for a process that has declared nothing, where another has', async () => {
    const [owner, reader] = [await database.open(), await database.open()]
    await expect(reader.get('orders', 'a')).rejects.toThrow(TypeError)
    await owner.declare({ name: 'orders', indexes: { due: 'waiting.dueAt' } })
    const version = await owner.put('orders', 'a', { waiting: { dueAt: 5 } }, 0)
    expect(await reader.get('orders', 'a')).toMatchObject({ version })
    expect(await reader.count('orders', { index: 'due', to: 5 })).toBe(1)
    await expect(reader.count('orders', { index: 'other' })).rejects.toThrow(TypeError)
    await owner.declare({ name: 'orders', indexes: { other: 'other' } })
    expect(await reader.count('orders', { index: 'other' })).toBe(0)
    await reader.put('orders', 'b', { other: 'x', waiting: { dueAt: 6 } }, 0)
    expect(await owner.count('orders', { index: 'due' })).toBe(2)
  })

  it('takes no version of a document that was removed for one that was made again', async () => {
    const store = await database.open()
    await store.declare({ name: 'orders', indexes: {} })
    const old = (await store.put('orders', 'a', { by: 'first' }, 0)) ?? 0
    expect(await store.remove('orders', 'a', old)).toBe(true)
    await store.put('orders', 'a', { by: 'second' }, 0)
    expect(await store.put('orders', 'a', { by: 'late' }, old)).toBeUndefined()
    expect(await store.remove('orders', 'a', old)).toBe(false)
  })

  it('lets two releases have different paths under one index name', async () => {
    const [before, after] = [await database.open(), await database.open()]
    await before.declare({ name: 'orders', indexes: { due: 'due' } })
    await after.declare({ name: 'orders', indexes: { due: 'waiting.due' } })
    await after.put('orders', 'a', { due: 1, waiting: { due: 20 } }, 0)
    expect(await before.count('orders', { index: 'due', to: 10 })).toBe(1)
    expect(await after.count('orders', { index: 'due', to: 10 })).toBe(0)
    expect(await after.count('orders', { index: 'due', to: 20 })).toBe(1)
  })

  it('fills a new index for what was there, and for what a process that does not know of it goes on writing', async () => {
    const timeoutMs = 4_000
    const deaf = await database.open({ timeoutMs, catalogMaxAgeMs: 60_000 })
    const fresh = await database.open({ timeoutMs, catalogMaxAgeMs: 100 })
    await deaf.declare({ name: 'orders', indexes: { n: 'n' } })
    const versions = new Map<string, number>()
    const write = async (id: string) => {
      const version = await deaf.put('orders', id, { n: 1, state: 'open' }, versions.get(id) ?? 0)
      if (version === undefined) throw new Error('Nobody else writes.')
      versions.set(id, version)
    }
    for (let n = 0; n < 120; n++) await write(`early-${n}`)
    let declared = false
    const writing = (async () => {
      for (let n = 0, behind = 0; behind < 50; n++) {
        await write(`late-${n}`)
        await write(`early-${n % 60}`)
        if (declared) behind++
      }
    })()

    await fresh.declare({ name: 'orders', indexes: { n: 'n', state: 'state' } })
    declared = true
    await writing
    const inIndex = () => fresh.count('orders', { index: 'state', from: 'open', to: 'open' })
    expect(await inIndex()).toBeGreaterThanOrEqual(60)
    expect(await inIndex()).toBeLessThan(versions.size)

    await eventually(async () => (await inIndex()) === versions.size, { timeoutMs: 60_000, everyMs: 200 })
    const filled = () =>
      database.look((db) =>
        db.collection<{ _id: string }>('mesh_collections').findOne({ _id: 'orders', filled: 2 }),
      )
    await eventually(filled, { everyMs: 200 })
    for (const [id, version] of versions) expect(await fresh.get('orders', id)).toMatchObject({ version })
  }, 120_000)

  it('fills what a process left behind that ended half-way', async () => {
    const [first, second] = [await database.open(), await database.open()]
    await first.declare({ name: 'orders', indexes: {} })
    await first.put('orders', 'a', { state: 'open' }, 0)
    // As far as a process comes that is killed after the first step of its declaration.
    await database.look((db) =>
      db
        .collection<{ _id: string }>('mesh_collections')
        .updateOne({ _id: 'orders' }, { $set: { v: 2, names: [['state', 'state']], paths: ['state'] } }),
    )
    await second.declare({ name: 'orders', indexes: { state: 'state' } })
    expect(await second.count('orders', { index: 'state' })).toBe(1)
  })

  it('hears of an index that another process declared', async () => {
    const [old, fresh] = [await database.open({ catalogMaxAgeMs: 100 }), await database.open()]
    await old.declare({ name: 'orders', indexes: {} })
    await old.put('orders', 'before', {}, 0)
    await fresh.declare({ name: 'orders', indexes: { state: 'state' } })
    let n = 0
    await eventually(async () => {
      await old.put('orders', `order-${n++}`, { state: 'open' }, 0)
      return fresh.count('orders', { index: 'state' })
    })
  })

  it('says that a document is too large, and keeps one that is nearly so', async () => {
    const store = await database.open()
    await store.declare({ name: 'orders', indexes: {} })
    const text = (mebibytes: number) => ({ text: 'é'.repeat((mebibytes * 1024 * 1024) / 2) })
    await expect(store.put('orders', 'a', text(16), 0)).rejects.toMatchObject({
      code: 'MESH_DOCUMENT_TOO_LARGE',
    })
    const version = await store.put('orders', 'b', text(15), 0)
    expect(await store.get('orders', 'b')).toEqual({ id: 'b', version, body: text(15) })
  })
})

describeEngine('mongodb', 'The MongoDB store on a bad network', (url) => {
  let database: TestDatabase
  let proxy: TcpProxy
  let store: MongodbStore
  beforeEach(async () => {
    database = testDatabase(url)
    proxy = await openTcpProxy(targetOf(url))
    const through = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`
    store = await database.open({ url: through, timeoutMs: TIMEOUT_MS })
    await store.declare({ name: 'orders', indexes: {} })
  })
  afterEach(async () => {
    await within(database.drop(), 15_000, 'close() and drop')
    await proxy.close()
  })

  it('never says that somebody was faster when it was itself, and the answer got lost', async () => {
    for (let round = 0; round < 5; round++) {
      const id = `order-with-a-lost-answer-${round}`
      proxy.loseAnswerTo(id)
      const made = await store.put('orders', id, { n: 1 }, 0).catch((thrown: unknown) => thrown)
      expect(proxy.met()).toBeGreaterThanOrEqual(1)
      if (typeof made !== 'number') expect(made).toMatchObject(UNAVAILABLE)
      const stored = await store.get('orders', id)
      if (typeof made === 'number') expect(stored).toMatchObject({ version: made })

      proxy.loseAnswerTo(id)
      const next = await store
        .put('orders', id, { n: 2 }, stored?.version ?? 0)
        .catch((thrown: unknown) => thrown)
      if (typeof next !== 'number') expect(next).toMatchObject(UNAVAILABLE)
      const now = await store.get('orders', id)
      if (typeof next === 'number') expect(now).toMatchObject({ version: next, body: { n: 2 } })

      proxy.loseAnswerTo(id)
      const removed = await store.remove('orders', id, now?.version ?? 0).catch((thrown: unknown) => thrown)
      if (removed !== true) expect(removed).toMatchObject(UNAVAILABLE)
    }
  })

  it('fails in time while the server is gone, says so, and goes on by itself when it is back', async () => {
    expect(store.problem()).toBeUndefined()
    await proxy.kill()
    await eventually(() => store.problem())
    const methods = [
      () => store.get('orders', 'a'),
      () => store.put('orders', 'a', {}, 0),
      () => store.remove('orders', 'a', 1),
      () => store.find('orders', { limit: 1 }),
      () => store.count('orders', {}),
      () => store.declare({ name: 'orders', indexes: {} }),
    ]
    await Promise.all(
      methods.map((method) =>
        within(expect(method()).rejects.toMatchObject(UNAVAILABLE), TIMEOUT_MS + 1_000, 'the failure'),
      ),
    )
    expect(store.problem()).toMatch(/MongoDB.*127\.0\.0\.1/)
    await proxy.revive()
    // Nobody but the readiness probe asks.
    await eventually(() => store.problem() === undefined, { timeoutMs: 15_000 })
    expect(await store.put('orders', 'a', {}, 0)).toBeGreaterThan(0)
  }, 60_000)

  it('fails in time while the server takes requests and answers none', async () => {
    proxy.stall()
    const attempts = [store.get('orders', 'a'), store.put('orders', 'a', {}, 0), store.count('orders', {})]
    for (const attempt of attempts)
      await within(expect(attempt).rejects.toMatchObject(UNAVAILABLE), TIMEOUT_MS + 1_000, 'the failure')
    expect(store.problem()).toMatch(/MongoDB/)
    await proxy.kill()
    await proxy.revive()
    await eventually(() => store.problem() === undefined, { timeoutMs: 15_000 })
    expect(await store.get('orders', 'b')).toBeUndefined()
  }, 60_000)
})

import { describe, expect, it } from '@jest/globals'
import { createMemoryStore } from '../edge/memory-store.ts'
import { Refusal } from '../problem/refusal.ts'
import { createRateLimiter } from '../rate/rate-limiter.ts'
import { callersCollection, configuredCallers, hashKey, newApiKey, storedCallers } from './api-key.ts'
import { createIdentify } from './identify.ts'
import { Unauthenticated } from './unauthenticated.ts'

const setUp = () => {
  const store = createMemoryStore()
  const state = {
    time: 1_000_000,
    verified: 0,
    claims: { preferred_username: 'alice', administrator: true, exp: 2_000 } as Record<string, unknown>,
  }
  const configured = newApiKey()
  const now = () => state.time
  const identify = createIdentify({
    configured: configuredCallers([
      { name: 'storefront', keyHash: configured.keyHash, scopes: ['orders:write'] },
    ]),
    findCaller: storedCallers(store),
    verifyJwt: async () => {
      state.verified += 1
      return state.claims
    },
    unknownKeys: createRateLimiter({ perSecond: 1, burst: 2 }, now),
    now,
  })
  const keep = async (body: Record<string, unknown>) => {
    const { key, keyHash } = newApiKey()
    await store.put(
      callersCollection.name,
      keyHash,
      { name: 'partner', scopes: ['orders:read'], createdAt: 'now', ...body },
      0,
    )
    return { key, keyHash }
  }
  return {
    store,
    state,
    configured,
    keep,
    identify: (header?: string, address = '127.0.0.1') =>
      Promise.resolve().then(() => identify(header, address)),
  }
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )

describe('newApiKey', () => {
  it('makes keys that are told by their hash alone', () => {
    const { key, keyHash } = newApiKey()
    expect(key).toMatch(/^mesh_[\w-]{43}$/)
    expect(keyHash).toMatch(/^[0-9a-f]{64}$/)
    expect(hashKey(key)).toBe(keyHash)
    expect(newApiKey().key).not.toBe(key)
  })
})

describe('createIdentify', () => {
  it('knows a configured key, whatever the case of the scheme', async () => {
    const { identify, configured } = setUp()
    const caller = { name: 'storefront', scopes: new Set(['orders:write']), staff: false }
    expect(await identify(`Bearer ${configured.key}`)).toEqual(caller)
    expect(await identify(`bearer ${configured.key}`)).toEqual(caller)
  })

  it('knows a stored key, and forgets it within 5 s of its revocation', async () => {
    const { identify, keep, store, state } = setUp()
    const { key, keyHash } = await keep({})
    expect(await identify(`Bearer ${key}`)).toMatchObject({ name: 'partner' })
    await store.put(
      callersCollection.name,
      keyHash,
      { name: 'partner', scopes: ['orders:read'], createdAt: 'now', revokedAt: 'now' },
      1,
    )
    expect(await identify(`Bearer ${key}`)).toMatchObject({ name: 'partner' })
    state.time += 5_001
    expect(await failure(identify(`Bearer ${key}`))).toMatchObject({ fault: 'invalid' })
  })

  it.each([{ revokedAt: '2026-01-01T00:00:00Z' }, { scopes: ['root'] }, { name: 'lms:alice' }])(
    'does not take a stored caller with %j',
    async (body) => {
      const { identify, keep } = setUp()
      expect(await failure(identify(`Bearer ${(await keep(body)).key}`))).toBeInstanceOf(Unauthenticated)
    },
  )

  it('checks a token once a minute, and never believes it beyond its end', async () => {
    const { identify, state } = setUp()
    await identify('JWT a.b.c')
    await identify('Bearer a.b.c')
    expect(state.verified).toBe(1)
    state.time += 60_001
    await identify('JWT a.b.c')
    expect(state.verified).toBe(2)
    state.claims = { ...state.claims, exp: (state.time + 1_000) / 1_000 }
    await identify('JWT d.e.f')
    state.time += 1_001
    await identify('JWT d.e.f')
    expect(state.verified).toBe(4)
  })

  it.each([
    [undefined, 'missing'],
    ['', 'missing'],
    ['Basic YWxpY2U6c2VjcmV0', 'malformed'],
    ['Bearer', 'malformed'],
    ['Bearer a b', 'malformed'],
    ['JWT é', 'malformed'],
  ])('refuses the header %j: %s', async (header, fault) => {
    expect(await failure(setUp().identify(header))).toMatchObject({ status: 401, fault })
  })

  it('slows down an address that tries keys, without reading the store, but not a caller it has seen', async () => {
    const { identify, keep, state } = setUp()
    const known = await keep({})
    await identify(`Bearer ${known.key}`)
    expect(await failure(identify(`Bearer ${newApiKey().key}`))).toBeInstanceOf(Unauthenticated)
    expect(await failure(identify(`Bearer ${newApiKey().key}`))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
    })
    expect(await failure(identify(`Bearer ${newApiKey().key}`, '10.0.0.9'))).toBeInstanceOf(Unauthenticated)
    state.time += 5_001
    await identify(`Bearer ${known.key}`)
    for (let tries = 0; tries < 10; tries += 1) await failure(identify(`Bearer ${newApiKey().key}`))
    state.time += 1
    expect(await identify(`Bearer ${known.key}`)).toMatchObject({ name: 'partner' })
  })

  it('passes on that the store is down: that is no fault of the caller', async () => {
    const { identify, store } = setUp()
    store.failing = true
    const thrown = await failure(identify(`Bearer ${newApiKey().key}`))
    expect(thrown).toMatchObject({ code: 'MESH_STORE_UNAVAILABLE' })
    expect(thrown).not.toBeInstanceOf(Refusal)
  })
})

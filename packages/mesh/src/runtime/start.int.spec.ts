import fs from 'node:fs'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { z } from 'zod'
import { parcelFailed, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { handles, implement, on } from '../service/handler.ts'
import { done } from '../service/outcome.ts'
import {
  type Service,
  type ServiceContext,
  type ServiceDeclaration,
  defineService,
} from '../service/service.ts'
import { readOwner } from '../sqlite/owner.ts'
import { startMesh } from './mesh.ts'
import { openMesh } from './open-mesh.ts'
import { packing, quickConfig, shipping, shops } from './parcel-shop.fixture.ts'

const { open, close, directory } = shops()
afterEach(close)

const declared = handles(parcelOrdered, 'pack')
const pack = implement(declared, (_event, state: object) => done(state))

/** A service with whatever is given in place of something sound. */
const serviceWith = (more: Partial<ServiceDeclaration<object, object>>): Service<never, never> =>
  defineService<object, object>({
    name: 'packing',
    options: z.strictObject({}),
    handlers: [declared],
    emits: [],
    initialState: () => ({}),
    concurrency: 1,
    start: () => ({ handlers: [pack] }),
    ...more,
  }) as unknown as Service<never, never>

describe('startMesh', () => {
  it.each<[string, Partial<ServiceDeclaration<object, object>>, RegExp]>([
    ['no function for a handler that it declares', { start: () => ({}) }, /exactly one function .*pack/],
    [
      'a handler that it does not declare',
      { start: () => ({ handlers: [pack, on(parcelPacked, 'x', () => done({}))] }) },
      /exactly one function .*x/,
    ],
    ['two handlers of one name', { handlers: [pack, declared] }, /exactly one function/],
    ['a start that fails', { start: () => Promise.reject(new Error('no secret')) }, /no secret/],
    [
      'options that are wrong',
      { options: z.strictObject({ apiKey: z.string() }) },
      /services\.packing\.apiKey/,
    ],
    [
      'an edge that can’t open',
      {
        start: () => ({
          handlers: [pack],
          edge: { open: () => Promise.reject(new Error('port taken')), close: async () => undefined },
        }),
      },
      /port taken/,
    ],
  ])('refuses a service with %s, and gives the data directory back', async (_, more, message) => {
    const data = directory()
    const starting = startMesh({
      config: quickConfig(data, { log: { level: 'silent' } }),
      services: [shipping(), serviceWith(more)],
    })
    await expect(starting).rejects.toThrow(message)
    expect(readOwner(data)).toBeUndefined()
    await open([packing()], { data })
  })

  it('hands each service its options with their defaults, its own log and its means', async () => {
    const start = jest.fn((_context: ServiceContext<object>) => ({ handlers: [pack] }))
    const options = z.strictObject({ apiKey: z.string(), limit: z.int().default(7) })
    const service = serviceWith({ options, start, emits: [parcelPacked] })
    const shop = await open([service], { services: { packing: { apiKey: 'k' } } })
    const [context] = start.mock.calls[0] ?? []
    expect(context?.options).toEqual({ apiKey: 'k', limit: 7 })
    context?.log.info('here')
    expect(shop.logged.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ service: 'packing', msg: 'here' }),
    )
    const stamp = { id: 'e-1', traceparent: 'none' }
    const own = await context?.publish(parcelPacked, { parcel: 'P-1' }, stamp)
    expect(own).toMatchObject({ id: 'e-1', source: '/commerce-mesh/packing', subject: 'P-1' })
    const passed = { ...stamp, source: '/commerce-mesh/shop' }
    expect(await context?.publish(parcelOrdered, { parcel: 'P-1' }, passed)).toMatchObject({
      source: passed.source,
    })
    await shop.settled()
    expect(await context?.readState('P-1')).toEqual({})
    expect(await context?.readState('P-2')).toBeUndefined()
  })

  it('makes what the edge takes durable before it says so, or says that it is not (promise 1)', async () => {
    let context: ServiceContext<object> | undefined
    const shop = await open([
      serviceWith({
        start: (given) => {
          context = given
          return { handlers: [pack] }
        },
      }),
    ])
    await context?.publish(parcelOrdered, { parcel: 'P-1' }, { id: 'e-1', traceparent: 'none' })
    await shop.mesh.stop()
    await expect(
      context?.publish(parcelOrdered, { parcel: 'P-2' }, { id: 'e-2', traceparent: 'none' }),
    ).rejects.toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      retryable: true,
    })
    const after = await open([packing()], { data: shop.data })
    await after.settled()
    expect((await after.events(parcelOrdered)).map(({ id }) => id)).toEqual(['e-1'])
  })

  it('opens the edges last and closes them first; frees what a service holds after its last handler', async () => {
    const told: string[] = []
    const say = (word: string) => async () => void told.push(word)
    const { promise: edgeClosed, resolve: onEdgeClosed } = Promise.withResolvers<void>()
    const edge = { open: say('open'), close: () => say('close')().then(onEdgeClosed) }
    const handler = on(parcelOrdered, 'pack', async (_event, state: object) => {
      told.push('handling')
      await edgeClosed
      told.push('handled')
      return done(state)
    })
    const edgeService = serviceWith({
      start: () => {
        told.push('start')
        return { handlers: [handler], edge, close: say('free') }
      },
    })
    const later = serviceWith({
      name: 'later',
      handlers: [],
      start: () => (told.push('start later'), { handlers: [] }),
    })
    const shop = await open([edgeService, later])
    expect(told).toEqual(['start', 'start later', 'open'])
    await shop.order('P-1')
    while (!told.includes('handling')) await new Promise((resolve) => void setImmediate(resolve))
    await shop.mesh.stop()
    expect(told).toEqual(['start', 'start later', 'open', 'handling', 'close', 'handled', 'free'])
  })

  it('stops the others and gives the data back though one service fails to stop', async () => {
    const failing = (words: string) => () => Promise.reject(new Error(words))
    const edge = { open: async () => undefined, close: failing('edge') }
    const data = directory()
    const config = quickConfig(data, { log: { level: 'silent' } })
    const service = serviceWith({ start: () => ({ handlers: [pack], edge, close: failing('parts') }) })
    const mesh = await startMesh({ config, services: [service, shipping()] })
    await expect(mesh.stop()).rejects.toThrow('edge')
    await open([packing()], { data })
  })

  it('is ready once every service owns its partitions, and tells of checks that fail', async () => {
    const shop = await open([packing(), shipping()])
    expect(await shop.mesh.health.readiness()).toEqual({ ready: true, problems: {} })
    shop.mesh.health.check('lms', () => 'does not answer')
    shop.mesh.health.check('disk', () => Promise.reject(new Error('is full')))
    expect(await shop.mesh.health.readiness()).toEqual({
      ready: false,
      problems: { lms: 'does not answer', disk: 'is full' },
    })
  })

  it('says where its edge answers, to callers and in the data directory', async () => {
    const edge = { open: async () => 'http://127.0.0.1:1', close: async () => undefined }
    const shop = await open([serviceWith({ start: () => ({ handlers: [pack], edge }) })])
    expect(shop.mesh.url).toBe('http://127.0.0.1:1')
    expect(readOwner(shop.data)).toMatchObject({ url: 'http://127.0.0.1:1' })
    const other = await open([packing()])
    expect(other.mesh.url).toBeUndefined()
  })

  it('handles everything that it declares, and publishes to every topic that it names', async () => {
    const shop = await open([packing(), shipping()])
    const topics = [parcelOrdered, parcelPacked, parcelFailed].map(({ type }) => type)
    expect(await shop.mesh.bus.lag('anybody', topics)).toHaveLength(9)
  })

  it('journals nothing for a service that only projects', async () => {
    const shop = await open([packing(undefined, { journaled: false })])
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(1)
    expect(await shop.hops()).toEqual([])
  })
})

describe('openMesh', () => {
  it('reads beside a mesh that runs, and changes nothing', async () => {
    const services = [packing(), shipping()]
    const shop = await open(services)
    await shop.order('P-1')
    await shop.settled()
    const beside = await openMesh({ config: quickConfig(shop.data), services })
    expect(await beside.readState('packing', 'P-1')).toEqual({ packed: 1 })
    expect(await beside.operations.audit()).toMatchObject({ drift: 0, services: [{ done: 1 }, { done: 1 }] })
    expect(await beside.operations.deadLetters({})).toEqual([])
    await beside.close()
    await shop.order('P-1')
    await shop.settled()
    expect(await shop.packed('P-1')).toBe(2)
  })

  it('says so where there is no data, and makes none', async () => {
    const data = directory()
    for (const mode of ['read', 'write'] as const) {
      await expect(openMesh({ config: quickConfig(data), services: [] }, mode)).rejects.toMatchObject({
        code: 'MESH_DATA_MISSING',
      })
    }
    expect(fs.readdirSync(data)).toEqual([])
  })

  it('audits a service that has never run: all its records are still to come', async () => {
    const shop = await open([packing()])
    await shop.order('P-1')
    await shop.settled()
    await shop.mesh.stop()
    const opened = await openMesh({ config: quickConfig(shop.data), services: [packing(), shipping()] })
    expect(await opened.operations.audit()).toMatchObject({
      drift: 0,
      services: [{ done: 1 }, { accepted: 1, inFlight: 1 }],
    })
    await opened.close()
  })
})

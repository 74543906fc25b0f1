import { describe, expect, it } from '@jest/globals'
import { MeshError } from '../errors/mesh-error.ts'
import type { Store } from '../store/store.ts'
import { activeSpan } from './active-span.ts'
import { keepingTracer, shownSpan } from './spans.fixture.ts'
import { silentTracer } from './span.ts'
import { tracedStore } from './store-spans.ts'
import { parseTraceparent } from './traceparent.ts'

const SQLITE = { driver: 'sqlite' as const }

const fakeStore = (get: Store['get'] = async () => undefined): Store => ({
  declare: async () => {},
  get,
  put: async () => 1,
  remove: async () => true,
  find: async () => ({ documents: [] }),
  count: async () => 0,
  close: async () => {},
})

describe('a traced store', () => {
  it('shows reads and writes of single documents below whatever asks, and is active while the driver works', async () => {
    const { tracer, spans } = keepingTracer()
    const seen: (string | undefined)[] = []
    const store = tracedStore(
      fakeStore(async () => {
        seen.push(activeSpan()?.traceparent)
        return undefined
      }),
      tracer,
      SQLITE,
    )
    const above = tracer.start('consumer', 'process', {})
    await above.run(async () => {
      await store.get('packing', 'P-1')
      await store.put('packing', 'P-1', {}, 0)
      await store.remove('packing', 'P-1', 1)
      await store.find('packing', { limit: 1 })
    })
    const parentId = parseTraceparent(above.traceparent)?.spanId
    expect(spans.map(shownSpan)).toMatchObject(
      ['get packing', 'put packing', 'remove packing'].map((name) => ({ name, parentId })),
    )
    expect(spans[0]?.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.operation.name': 'get',
      'db.collection.name': 'packing',
    })
    expect(seen.map((traceparent) => parseTraceparent(traceparent)?.spanId)).toEqual([
      spans[0]?.spanContext().spanId,
    ])
  })

  it('names the code of a failure, and lets it pass', async () => {
    const { tracer, spans } = keepingTracer()
    const store = tracedStore(
      fakeStore(() => Promise.reject(new MeshError('MESH_STORE_UNAVAILABLE', 'The disk is out.'))),
      tracer,
      SQLITE,
    )
    const getting = tracer.start('server', 'x', {}).run(() => store.get('packing', 'P-1'))
    await expect(getting).rejects.toThrow('The disk is out.')
    expect(spans.map(shownSpan)).toMatchObject([
      { failed: true, attributes: { 'error.type': 'MESH_STORE_UNAVAILABLE' } },
    ])
  })

  it('makes no span for work that belongs to none, or to a trace that is not kept', async () => {
    const { tracer, spans } = keepingTracer()
    const store = tracedStore(fakeStore(), tracer, SQLITE)
    await store.get('packing', 'P-1')
    await silentTracer.start('server', 'x', {}).run(() => store.get('packing', 'P-1'))
    expect(spans).toEqual([])
  })

  it('is the store itself without a collector', () => {
    const store = fakeStore()
    expect(tracedStore(store, silentTracer, SQLITE)).toBe(store)
  })
})

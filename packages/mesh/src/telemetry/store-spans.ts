import type { MeshConfig } from '../config/config.ts'
import type { Store } from '../store/store.ts'
import { activeSpan } from './active-span.ts'
import { errorTypeOf } from './error-type.ts'
import { type Tracer, silentTracer } from './span.ts'

/** A store whose reads and writes of single documents show in the trace of whatever asks for them. */
export const tracedStore = (store: Store, tracer: Tracer, { driver }: MeshConfig['store']): Store => {
  if (tracer === silentTracer) return store

  const traced = async <T>(operation: string, collection: string, call: () => Promise<T>): Promise<T> => {
    const above = activeSpan()
    if (above === undefined || !above.kept) return call()
    const span = tracer.start('client', `${operation} ${collection}`, {
      parent: above.traceparent,
      attributes: () => ({
        'db.system.name': driver,
        'db.operation.name': operation,
        'db.collection.name': collection,
      }),
    })
    try {
      const answer = await span.run(call)
      span.end()
      return answer
    } catch (thrown) {
      span.end({ error: errorTypeOf(thrown) })
      throw thrown
    }
  }

  return {
    declare: (collection) => store.declare(collection),
    find: (collection, query) => store.find(collection, query),
    count: (collection, query) => store.count(collection, query),
    close: () => store.close(),
    get: (collection, id) => traced('get', collection, () => store.get(collection, id)),
    put: (collection, id, body, expected) =>
      traced('put', collection, () => store.put(collection, id, body, expected)),
    remove: (collection, id, expected) =>
      traced('remove', collection, () => store.remove(collection, id, expected)),
  }
}

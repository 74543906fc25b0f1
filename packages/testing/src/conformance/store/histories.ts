import type { Arbitrary } from 'fast-check'
import type { Behaviour } from '../check.ts'
import type { StoreBench } from './bench.ts'
import { MODEL_INDEXES, replay, type Expecting, type ModelBody, type Operation } from './model.ts'

const RUNS = 25

/** Most steps of a history. */
const LENGTH = 60

const NAMES = ['', 'B', 'a', 'ab', 'é', '\uff5e', '\u{1f600}']

// fast-check is loaded by the check that needs it: the package is also loaded where nothing is tested.
const operations = async (): Promise<Arbitrary<Operation[]>> => {
  const { default: fc } = await import('fast-check')
  const id = fc.constantFrom('a', 'B', 'é', '10', '2', 'x.y')
  const rank = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e12))
  const name = fc.constantFrom(...NAMES)
  const expecting = fc.constantFrom<Expecting>('current', 'current', 'current', 'current', 'above', 'zero')
  const body: Arbitrary<ModelBody> = fc.record({ rank, name, note: fc.nat() }, { requiredKeys: ['note'] })
  const bounds = <T>(value: Arbitrary<T>) => fc.record({ from: value, to: value }, { requiredKeys: [] })
  const limit = fc.integer({ min: 1, max: 4 })
  const find = fc
    .oneof(
      fc.tuple(limit, bounds(rank)).map(([most, within]) => ({ index: 'rank', limit: most, ...within })),
      fc.tuple(limit, bounds(name)).map(([most, within]) => ({ index: 'name', limit: most, ...within })),
      fc.tuple(limit, bounds(id)).map(([most, within]) => ({ limit: most, ...within })),
    )
    .map((query): Operation => ({ kind: 'find', query }))
  const put = fc
    .tuple(id, body, expecting)
    .map(([of, next, version]): Operation => ({ kind: 'put', id: of, body: next, expecting: version }))
  const remove = fc
    .tuple(id, expecting)
    .map(([of, version]): Operation => ({ kind: 'remove', id: of, expecting: version }))
  const operation = fc.oneof(
    { arbitrary: put, weight: 5 },
    { arbitrary: remove, weight: 2 },
    { arbitrary: find, weight: 2 },
  )
  return fc.array(operation, { maxLength: LENGTH, size: 'max' })
}

/** Whatever happens in whatever order, the store is a Map with versions and sorted views. */
export const histories: Behaviour<StoreBench> = {
  behaviour: 'agrees with a plain map',
  checks: [
    {
      name: 'over random histories of writes, removes and queries',
      async run({ store, collection }) {
        const { default: fc } = await import('fast-check')
        const property = fc.asyncProperty(await operations(), async (history) => {
          await replay(store, await collection(MODEL_INDEXES), history)
        })
        await fc.assert(property, { numRuns: RUNS })
      },
    },
  ],
}

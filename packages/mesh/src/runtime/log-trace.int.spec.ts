import { afterEach, describe, expect, it } from '@jest/globals'
import { dead } from '../service/outcome.ts'
import { packing, shops } from './parcel-shop.fixture.ts'

const { open, close } = shops()
afterEach(close)

const ids = (lines: readonly string[], message: string) =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === message)
    .map(({ trace_id, span_id }) => ({ trace_id, span_id }))

describe('what is logged of an order', () => {
  it('can be found by the trace id that its journal names, without a collector too', async () => {
    const shop = await open([
      packing((order) => {
        if (order.wish === 'throw') throw new Error('marker')
        return dead({ code: 'MESH_LMS_FORBIDDEN', reason: 'The LMS says no.' })
      }),
    ])
    await shop.order({ parcel: 'P-1', wish: 'die' }, { parcel: 'P-2', wish: 'throw' })
    await shop.settled()
    const [died] = await shop.hops('P-1')
    const thrown = await shop.hops('P-2')
    const known = (traceId: string | undefined) => ({ trace_id: traceId, span_id: undefined })
    expect(ids(shop.logged, 'dead letter')).toContainEqual(known(died?.traceId))
    expect(ids(shop.logged, 'handler threw')[0]).toEqual(known(thrown[0]?.traceId))
  })
})

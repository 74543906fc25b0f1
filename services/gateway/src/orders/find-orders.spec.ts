import { inMemoryStore } from '@commerce-mesh/testing'
import { describe, expect, it } from '@jest/globals'
import type { OrderView } from '../order-view/index.ts'
import {
  WHOLE_ORDER,
  captured,
  hop,
  letter,
  notified,
  submitted,
  traceId,
  viewOf,
} from '../order-view/sample.ts'
import { findOrders, lookUpOrders } from './find-orders.ts'

const INDEXES = { traceId: 'state.trace.traceId', paymentReference: 'state.payment.reference' }

/** A store with these views, and how often it was asked. */
const storeOf = async (
  views: Readonly<Record<string, OrderView>>,
  indexes: Record<string, string> = INDEXES,
) => {
  const store = inMemoryStore()
  await store.declare({ name: 'gateway', indexes })
  for (const [number, state] of Object.entries(views))
    await store.put('gateway', number, { state, inbox: { [`seen-by-${number}`]: 'done' } }, 0)
  const asked: string[] = []
  const find: typeof store.find = (collection, query) => {
    asked.push(query.index ?? 'all')
    return store.find(collection, query)
  }
  return { find, asked }
}

/** So many orders that were paid with invoices. */
const manyOrders = async (count: number) => {
  const view = await viewOf(submitted(0, ['1']), captured(30, 'INV-7'))
  const numbers = Array.from({ length: count }, (_, n) => `EDX-${String(n).padStart(4, '0')}`)
  return Object.fromEntries(numbers.map((number) => [number, view]))
}

describe('findOrders', () => {
  it('knows an order by its first trace and by its payment, and asks only the indexes', async () => {
    const store = await storeOf({
      'EDX-1': await viewOf(...WHOLE_ORDER),
      'EDX-2': await viewOf(notified(5, { reference: 'pi_9' })),
    })
    expect(await findOrders(store, { traceId: traceId(1) })).toEqual({ by: 'traceId', orders: ['EDX-1'] })
    expect(await findOrders(store, { paymentReference: 'pi_9', eventId: 'pi_9' })).toEqual({
      by: 'paymentReference',
      orders: ['EDX-2'],
    })
    expect(store.asked).toEqual(['traceId', 'paymentReference'])
  })

  it('knows a vendor’s event by the id that the vendor gave it, and no other by its end', async () => {
    const own = { ...submitted(0, ['1']), id: '/shop#order.submitted#A-1' }
    const store = await storeOf({ 'EDX-1': await viewOf(own) })
    expect(await findOrders(store, { eventId: 'A-1' })).toEqual({ by: 'eventId', orders: ['EDX-1'] })
    expect((await findOrders(store, { eventId: '-1' })).orders).toEqual([])
  })

  it.each([
    ['a trace of a notification', { traceId: traceId(2) }, 'traceId'],
    ['a second payment', { paymentReference: 'pi_2' }, 'paymentReference'],
    ['an event', { eventId: 'placed-30' }, 'eventId'],
    ['a journal record', { eventId: 'hop-40' }, 'eventId'],
    ['an event that only the journal names', { eventId: 'vendor-1' }, 'eventId'],
    ['an event that only a dead letter names', { eventId: 'lost-1' }, 'eventId'],
    ['an event that only the inbox remembers', { eventId: 'seen-by-EDX-1' }, 'eventId'],
  ])('finds %s by looking through all orders', async (_what, clue, by) => {
    const view = await viewOf(
      ...WHOLE_ORDER,
      notified(200, { reference: 'pi_2' }),
      hop(210, { caused: [{ id: 'vendor-1', type: 'vendor.told.v1' }] }),
      letter(220, { eventId: 'lost-1' }),
    )
    const store = await storeOf({ 'EDX-0': await viewOf(submitted(0, ['1'])), 'EDX-1': view })
    expect(await findOrders(store, clue)).toEqual({ by, orders: ['EDX-1'] })
    expect(store.asked).toContain('all')
    expect(await lookUpOrders(store, clue)).toEqual({ orders: [] })
  })

  it('finds nothing where there is nothing', async () => {
    const store = await storeOf({ 'EDX-1': await viewOf(...WHOLE_ORDER) })
    const clue = { traceId: traceId(9), paymentReference: 'placed-30x', eventId: 'toString' }
    expect(await findOrders(store, clue)).toEqual({ orders: [] })
    expect(await findOrders(store, {})).toEqual({ orders: [] })
  })

  it('gives twenty at most, from an index or from all pages', async () => {
    const views = await manyOrders(130)
    const first = Object.keys(views).slice(0, 20)
    expect(await findOrders(await storeOf(views), { paymentReference: 'INV-7' })).toEqual({
      by: 'paymentReference',
      orders: first,
    })
    const store = await storeOf(views, {})
    expect(await findOrders(store, { paymentReference: 'INV-7' })).toEqual({
      by: 'paymentReference',
      orders: first,
    })
    expect(store.asked).toEqual(['paymentReference', 'all'])
  })

  it('looks at every page, and at none after the one where the event is', async () => {
    const rest = await manyOrders(130)
    const last = await storeOf({ ...rest, 'EDX-9999': await viewOf(...WHOLE_ORDER) })
    expect((await findOrders(last, { eventId: 'placed-30' })).orders).toEqual(['EDX-9999'])
    expect(last.asked).toEqual(['all', 'all', 'all'])
    const first = await storeOf({ ...rest, 'EDX-!': await viewOf(...WHOLE_ORDER) })
    expect((await findOrders(first, { eventId: 'placed-30' })).orders).toEqual(['EDX-!'])
    expect(first.asked).toEqual(['all'])
  })

  it('finds by trace also where no gateway of this release has declared an index', async () => {
    const store = await storeOf({ 'EDX-1': await viewOf(submitted(0, ['1'])) }, {})
    expect(await findOrders(store, { traceId: traceId(1) })).toEqual({ by: 'traceId', orders: ['EDX-1'] })
  })

  it('finds nothing where no gateway ever ran, and hides no trouble of the store', async () => {
    const empty = inMemoryStore()
    expect(await findOrders(empty, { traceId: traceId(1), eventId: 'e' })).toEqual({ orders: [] })
    await empty.close()
    await expect(findOrders(empty, { eventId: 'e' })).rejects.toMatchObject({
      code: 'MESH_STORE_UNAVAILABLE',
    })
  })

  it('reads a view that was stored before payments were kept', async () => {
    const { payment: _none, ...stored } = await viewOf(submitted(0, ['1']))
    const store = await storeOf({ 'EDX-1': stored })
    expect(await findOrders(store, { paymentReference: 'pi_1', eventId: 'submitted-0' })).toEqual({
      by: 'eventId',
      orders: ['EDX-1'],
    })
  })

  it('lets others have a turn between two pages', async () => {
    const store = await storeOf(await manyOrders(130))
    let turns = 0
    setImmediate(() => turns++)
    await findOrders(store, { eventId: 'none' })
    expect(turns).toBe(1)
  })
})

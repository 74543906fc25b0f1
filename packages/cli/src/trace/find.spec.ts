import type { FoundOrders, OrderClue, OrderStatus } from '@commerce-mesh/gateway'
import { MeshError } from '@commerce-mesh/mesh'
import { describe, expect, it, jest } from '@jest/globals'
import { findOrder, foundText } from './find.ts'
import { order } from './timeline.fixture.ts'

const TRACE = '0AF7651916CD43DD8448EB211C80319C'

/** A mesh with these orders, where every clue leads to what is found. */
const meshOf = (
  orders: readonly OrderStatus[],
  found: FoundOrders | Promise<FoundOrders> = { orders: [] },
) => {
  const clues: OrderClue[] = []
  return {
    clues,
    order: async (number: string) => orders.find(({ orderNumber }) => orderNumber === number),
    findOrders: async (clue: OrderClue) => {
      clues.push(clue)
      return await found
    },
  }
}

const nothing = () => {}
const refused = (...error: ConstructorParameters<typeof MeshError>) => Promise.reject(new MeshError(...error))

describe('findOrder', () => {
  it('takes an order number first, and looks no further', async () => {
    const mesh = meshOf([order([])], { by: 'eventId', orders: ['EDX-9'] })
    expect(await findOrder(mesh, 'EDX-1', nothing)).toEqual({ status: order([]) })
    expect(mesh.clues).toEqual([])
  })

  it('says by what it was found otherwise', async () => {
    const mesh = meshOf([order([])], { by: 'paymentReference', orders: ['EDX-1'] })
    expect(await findOrder(mesh, 'pi_1', nothing)).toEqual({ status: order([]), by: 'paymentReference' })
    expect(mesh.clues).toEqual([{ paymentReference: 'pi_1', eventId: 'pi_1' }])
  })

  it('takes 32 hex digits for a trace id, too, however they are written', async () => {
    const mesh = meshOf([order([])], { by: 'traceId', orders: ['EDX-1'] })
    expect(await findOrder(mesh, TRACE, nothing)).toMatchObject({ by: 'traceId' })
    expect(mesh.clues).toEqual([{ traceId: TRACE.toLowerCase(), paymentReference: TRACE, eventId: TRACE }])
  })

  it('lists several', async () => {
    const mesh = meshOf([order([])], { by: 'traceId', orders: ['EDX-1', 'EDX-2'] })
    expect(await findOrder(mesh, TRACE, nothing)).toEqual({ several: ['EDX-1', 'EDX-2'], by: 'traceId' })
  })

  it('finds nothing where there is nothing, or the order is gone', async () => {
    expect(await findOrder(meshOf([]), 'X', nothing)).toEqual({})
    expect(await findOrder(meshOf([], { by: 'eventId', orders: ['EDX-7'] }), 'X', nothing)).toEqual({})
  })

  it('asks for nothing that can be no id', async () => {
    const mesh = meshOf([])
    expect(await findOrder(mesh, 'x'.repeat(256), nothing)).toEqual({})
    expect(mesh.clues).toEqual([])
  })

  it.each([
    ['MESH_FORBIDDEN', /scope `operate`/],
    ['MESH_METHOD_NOT_ALLOWED', /earlier release/],
  ] as const)('says what keeps it from looking: %s', async (code, limit) => {
    const found = await findOrder(meshOf([], refused(code, 'no')), 'X', nothing)
    expect(found).toEqual({ limit: expect.stringMatching(limit) })
  })

  it('hides no other trouble', async () => {
    await expect(
      findOrder(meshOf([], refused('MESH_OVERLOADED', 'busy')), 'X', nothing),
    ).rejects.toMatchObject({
      code: 'MESH_OVERLOADED',
    })
  })

  it('says so when it takes long, and only then', async () => {
    jest.useFakeTimers()
    try {
      const slow = jest.fn()
      await findOrder(meshOf([]), 'X', slow)
      await jest.advanceTimersByTimeAsync(10_000)
      expect(slow).not.toHaveBeenCalled()
      const answer = Promise.withResolvers<FoundOrders>()
      const finding = findOrder(meshOf([], answer.promise), 'X', slow)
      await jest.advanceTimersByTimeAsync(10_000)
      expect(slow).toHaveBeenCalledTimes(1)
      answer.resolve({ orders: [] })
      expect(await finding).toEqual({})
      expect(jest.getTimerCount()).toBe(0)
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('foundText', () => {
  it.each([
    ['traceId', ['EDX-1'], 'x is a trace of EDX-1.'],
    ['paymentReference', ['EDX-1'], 'x is the payment reference of EDX-1.'],
    ['eventId', ['EDX-1'], 'x is an event of EDX-1.'],
    ['traceId', ['EDX-1', 'EDX-2'], 'x is a trace of 2 orders.'],
  ] as const)('%s of %j', (by, orders, text) => expect(foundText('x', by, orders)).toBe(text))
})

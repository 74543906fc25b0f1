import { describe, expect, it } from '@jest/globals'
import { hopRecorded } from '../operations/hop-recorded.ts'
import { orderPlaced } from '../order/order-placed.ts'
import { mayEmit, producerOf, sourceOf } from './producer.ts'

const grants = new Map([['/example-shop', new Set(['order.placed.v1'])]])

describe('mayEmit', () => {
  it.each([
    ['its owner', orderPlaced, '/commerce-mesh/payments', true],
    ['another service', orderPlaced, '/commerce-mesh/fulfillment', false],
    ['somebody who calls himself like the owner', orderPlaced, 'payments', false],
    ['whom the operator lists', orderPlaced, '/example-shop', true],
    ['whom the operator lists, with another event', hopRecorded, '/example-shop', false],
    ['any service, with bookkeeping', hopRecorded, '/commerce-mesh/fulfillment', true],
    ['a stranger', orderPlaced, '/elsewhere', false],
  ])('%s', (_who, contract, source, allowed) => expect(mayEmit(contract, source, grants)).toBe(allowed))
})

describe('producerOf', () => {
  it('names services by their names, and others by their source', () => {
    expect(producerOf(sourceOf('payments'))).toBe('payments')
    expect(producerOf('https://shop.example.org/a')).toBe('https://shop.example.org/a')
  })
})

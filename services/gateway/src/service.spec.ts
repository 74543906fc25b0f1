import { describe, expect, it } from '@jest/globals'
import { gatewayOptions } from './options.ts'
import { orderViewHandlers } from './order-view/index.ts'
import { gateway } from './service.ts'

describe('gateway', () => {
  it('consumes exactly what the order view handles', () => {
    const handled = orderViewHandlers.map((handler) => handler.contract.type)
    expect(gateway.consumes.map(({ type }) => type).toSorted()).toEqual(handled.toSorted())
  })

  it('emits what the edge publishes, and is not journaled itself', () => {
    expect(gateway.emits.map(({ type }) => type)).toEqual(['order.submitted.v1', 'payment.notified.v1'])
    expect(gateway.journaled).toBe(false)
    expect(gateway.collections?.map(({ name }) => name)).toEqual(['callers', 'idempotency'])
  })
})

describe('gatewayOptions', () => {
  it('runs without any setting, on the loopback only, and lets nobody in', () => {
    expect(gatewayOptions.parse({})).toMatchObject({
      host: '127.0.0.1',
      port: 8_080,
      callers: [],
      jwt: {},
      stripe: { secrets: [] },
    })
  })

  it.each([
    { prot: 8_080 },
    { port: 70_000 },
    { callers: [{ name: 'x', keyHash: 'mesh_plain_key', scopes: ['operate'] }] },
    { jwt: { secret: 'short' } },
    { jwt: { jwks: { keys: [] } } },
  ])('refuses %j', (options) => expect(gatewayOptions.safeParse(options).success).toBe(false))
})

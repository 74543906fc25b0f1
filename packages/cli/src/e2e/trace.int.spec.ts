import { drawTree, eventually, startOtlpCollector, treeOf } from '@commerce-mesh/testing'
import type { CollectedSpan, OtlpCollector } from '@commerce-mesh/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PERSONAL, type TracedMesh, startTracedMesh } from './traced-mesh.ts'

// One order, from the request at the gateway to the learner's enrollment, as the collector sees it.

let collector: OtlpCollector
let traced: TracedMesh

const start = async (...settings: Parameters<typeof startTracedMesh>) => {
  traced = await startTracedMesh(...settings)
}

beforeEach(async () => {
  collector = await startOtlpCollector()
})
afterEach(async () => {
  await traced.close()
  await collector.close()
})

const flushed = async () => {
  await traced.settled()
  await traced.stop()
  expect(collector.faults()).toEqual([])
  return collector.spans()
}

const withoutStores = ({ attributes }: CollectedSpan) => attributes['db.system.name'] === undefined

const named = (name: string) => collector.spans().filter((span) => span.name === name)

const LMS_READ = 'GET /api/enrollment/v1/enrollment/{username},{course_id}'
const LMS_WRITE = 'POST /api/enrollment/v1/enrollment'

describe('the trace of a paid order', () => {
  it('is one tree over three services, from the request to the enrollment', async () => {
    await start({ endpoint: collector.url })
    const traceId = await traced.order('EDX-1')
    const spans = await flushed()
    expect(traced.lms.effects()).toHaveLength(1)
    const tree = treeOf(spans, traceId)
    expect(drawTree(tree, withoutStores)).toEqual([
      'gateway server POST /v1/orders',
      '  gateway producer send order.submitted.v1',
      '    payments consumer process order.submitted.v1',
      '      payments producer send payment.captured.v1',
      '      payments producer send order.placed.v1',
      '        fulfillment consumer process order.placed.v1',
      '          fulfillment client POST /oauth2/access_token',
      `          fulfillment client ${LMS_READ}`,
      `          fulfillment client ${LMS_WRITE}`,
      '          fulfillment producer send order.fulfilled.v1',
    ])
    expect(
      spans
        .filter((span) => !withoutStores(span))
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual([
      'get fulfillment',
      'get payments',
      'put fulfillment',
      'put fulfillment',
      'put payments',
      'put payments',
    ])
    // Nothing else makes spans: neither the journal, nor the order view, nor probes.
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
  })

  it('says what the semantic conventions ask for', async () => {
    await start({ endpoint: collector.url })
    await traced.order('EDX-1')
    await flushed()
    const [server] = named('POST /v1/orders')
    expect(server).toMatchObject({
      failed: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/orders',
        'http.response.status_code': 202,
        'url.scheme': 'http',
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(traced.mesh.url ?? '').port),
      },
      resource: {
        'service.name': 'gateway',
        'service.namespace': 'commerce-mesh',
        'service.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
        'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    })
    const [sent] = named('send order.submitted.v1')
    const [processed] = named('process order.submitted.v1')
    const message = {
      'messaging.system': 'mesh_embedded',
      'messaging.destination.name': 'order.submitted.v1',
      'messaging.destination.partition.id': expect.stringMatching(/^\d+$/),
      'messaging.kafka.message.key': 'EDX-1',
      'messaging.message.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    }
    expect(sent?.attributes).toEqual({
      ...message,
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
    })
    expect(processed?.attributes).toEqual({
      ...message,
      'messaging.message.id': sent?.attributes['messaging.message.id'],
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'process',
      'messaging.consumer.group.name': 'payments',
      'messaging.kafka.offset': 0,
      'mesh.handler': 'join-on-order-submitted',
      'mesh.attempt': 1,
      'mesh.outcome': 'done',
    })
    expect(named(LMS_READ)[0]?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'url.template': '/api/enrollment/v1/enrollment/{username},{course_id}',
      'server.address': '127.0.0.1',
      'server.port': traced.lms.port,
      'mesh.lms.operation': 'read-enrollment',
    })
    expect(named('put payments')[0]?.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.operation.name': 'put',
      'db.collection.name': 'payments',
    })
  })

  it('holds no personal data (promise 11)', async () => {
    await start({ endpoint: collector.url })
    await traced.order('EDX-1')
    await traced.order('EDX-2', { username: 'marker-nobody' })
    const told = JSON.stringify(await flushed())
    for (const marker of [...PERSONAL, 'marker-nobody']) expect(told).not.toContain(marker)
  })

  it('begins no span before its parent', async () => {
    await start({ endpoint: collector.url })
    await traced.order('EDX-1')
    const spans = await flushed()
    for (const span of spans) {
      const parent = spans.find(({ spanId }) => spanId === span.parentId)
      if (parent !== undefined) expect(span.startedAt).toBeGreaterThanOrEqual(parent.startedAt)
    }
  })

  it('goes on from the caller’s span', async () => {
    await start({ endpoint: collector.url })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    await traced.order('EDX-1', { traceparent: `00-${traceId}-b7ad6b7169203331-01` })
    const tree = treeOf(await flushed(), traceId, 'b7ad6b7169203331')
    expect(tree).toMatchObject({ name: 'POST /v1/orders', parentId: 'b7ad6b7169203331' })
  })

  it('is the same as in the journal and in the LMS’s own log', async () => {
    await start({ endpoint: collector.url })
    const traceId = await traced.order('EDX-1')
    await traced.settled()
    const view = await (await traced.call('GET', '/v1/orders/EDX-1')).json()
    expect(view).toMatchObject({ traceId })
    await flushed()
    const asked = traced.lms.calls().map(({ traceparent }) => traceparent)
    const told = [named('POST /oauth2/access_token'), named(LMS_READ), named(LMS_WRITE)].flat()
    expect(asked).toEqual(told.map(({ spanId }) => `00-${traceId}-${spanId}-01`))
  })
})

describe('an order that needs a second attempt', () => {
  it('has both in one tree: the retry hangs below the same publish span', async () => {
    await start({ endpoint: collector.url })
    traced.lms.setFaults({ rules: [{ match: { method: 'POST', path: '/api' }, fault: '503', times: 1 }] })
    const traceId = await traced.order('EDX-1')
    const tree = treeOf(await flushed(), traceId)
    expect(drawTree(tree, withoutStores).slice(4)).toEqual([
      '      payments producer send order.placed.v1',
      '        fulfillment consumer process order.placed.v1',
      '          fulfillment client POST /oauth2/access_token',
      `          fulfillment client ${LMS_READ}`,
      `          fulfillment client ${LMS_WRITE}`,
      '        fulfillment consumer process order.placed.v1',
      `          fulfillment client ${LMS_READ}`,
      `          fulfillment client ${LMS_WRITE}`,
      '          fulfillment producer send order.fulfilled.v1',
    ])
    expect(named('process order.placed.v1')).toMatchObject([
      {
        failed: true,
        attributes: { 'mesh.attempt': 1, 'mesh.outcome': 'retry', 'error.type': 'MESH_LMS_UNAVAILABLE' },
      },
      { failed: false, attributes: { 'mesh.attempt': 2, 'mesh.outcome': 'done' } },
    ])
    expect(named(LMS_WRITE)[0]).toMatchObject({
      failed: true,
      attributes: { 'http.response.status_code': 503, 'error.type': '503' },
    })
  })

  it('shows each call of a handler that the breaker holds back, without a span that stays open', async () => {
    const breaker = { failures: 1, coolDownMs: 50, maxCoolDownMs: 50 }
    await start({ endpoint: collector.url }, { breaker })
    traced.lms.setFaults({ rules: [{ match: { method: 'POST', path: '/api' }, fault: '503', times: 2 }] })
    const traceId = await traced.order('EDX-1')
    treeOf(await flushed(), traceId)
    expect(named('process order.placed.v1').map(({ attributes }) => attributes)).toMatchObject([
      { 'mesh.attempt': 1, 'mesh.outcome': 'held-back', 'error.type': 'MESH_LMS_UNAVAILABLE' },
      { 'mesh.attempt': 1, 'mesh.outcome': 'held-back', 'error.type': 'MESH_LMS_UNAVAILABLE' },
      { 'mesh.attempt': 1, 'mesh.outcome': 'done' },
    ])
  })
})

describe('a redrive', () => {
  it('begins a trace of its own that links to the order’s', async () => {
    await start({ endpoint: collector.url })
    const traceId = await traced.order('EDX-1', { username: 'nobody' })
    await traced.settled()
    const [letter] = await traced.mesh.operations.deadLetters({})
    expect(letter?.traceId).toBe(traceId)
    const answer = await traced.call('POST', `/v1/dead-letters/${letter?.id}/redrive`)
    expect(answer.status).toBe(200)
    await eventually(async () => (await traced.mesh.operations.deadLetters({}))[0]?.attempts === 2)
    const again = (await traced.mesh.operations.deadLetters({}))[0]?.traceId ?? ''
    const spans = await flushed()
    expect(again).not.toBe(traceId)
    expect(drawTree(treeOf(spans, again), withoutStores)).toEqual([
      'gateway server POST /v1/dead-letters/{id}/redrive',
      '  fulfillment consumer process order.placed.v1',
      `    fulfillment client ${LMS_READ}`,
      `    fulfillment client ${LMS_WRITE}`,
      '    fulfillment producer send order.fulfillment-failed.v1',
    ])
    treeOf(spans, traceId)
    const [placed] = named('send order.placed.v1')
    expect(named('process order.placed.v1')).toMatchObject([
      { traceId, links: [], attributes: { 'mesh.attempt': 1, 'mesh.outcome': 'dead' } },
      {
        traceId: again,
        links: [{ traceId, spanId: placed?.spanId }],
        attributes: { 'mesh.attempt': 2, 'mesh.outcome': 'dead' },
      },
    ])
  })
})

describe('sampling', () => {
  it('keeps whole traces or nothing, and decides where the trace begins', async () => {
    await start({ endpoint: collector.url, sampling: 0.5 })
    const sent: string[] = []
    for (let nth = 0; nth < 24; nth++) sent.push(await traced.order(`EDX-${nth}`))
    const outside = 'b7ad6b7169203331'
    const unwanted = '0af7651916cd43dd8448eb211c803190'
    const wanted = '0af7651916cd43dd8448eb211c803191'
    await traced.order('EDX-A', { traceparent: `00-${unwanted}-${outside}-00` })
    await traced.order('EDX-B', { traceparent: `00-${wanted}-${outside}-01` })
    const spans = await flushed()
    const kept = new Set(spans.map((span) => span.traceId))
    expect(kept.size).toBeGreaterThan(1)
    expect(kept.size).toBeLessThan(25)
    expect(kept).toContain(wanted)
    expect(kept).not.toContain(unwanted)
    for (const traceId of kept) {
      const tree = treeOf(spans, traceId, outside)
      expect(drawTree(tree, withoutStores).at(-1)).toMatch(/send order.fulfilled.v1$/)
      expect([...sent, wanted]).toContain(traceId)
    }
  })

  it('makes no span at all with a share of 0, and sends the metrics all the same', async () => {
    await start({ endpoint: collector.url, sampling: 0 })
    await traced.order('EDX-1')
    expect(await flushed()).toEqual([])
    const metric = collector.metrics().find(({ name }) => name === 'mesh_records_total')
    expect(metric).toMatchObject({ kind: 'sum', monotonic: true, service: 'commerce-mesh' })
    expect(metric?.points).toContainEqual({
      attributes: { service: 'fulfillment', type: 'order.placed.v1', outcome: 'done' },
      value: 1,
    })
    expect(collector.metrics().map(({ name }) => name)).toContain('mesh_waiting_records')
  })
})

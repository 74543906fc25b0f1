import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type OtlpCollector, startOtlpCollector } from './collector.ts'

let collector: OtlpCollector

beforeEach(async () => {
  collector = await startOtlpCollector()
})
afterEach(() => collector.close())

const TRACE = '0af7651916cd43dd8448eb211c80319c'

const traces = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'gateway' } }] },
      scopeSpans: [
        {
          scope: { name: 'commerce-mesh' },
          spans: [
            {
              traceId: TRACE,
              spanId: 'b7ad6b7169203331',
              parentSpanId: 'b7ad6b7169203330',
              name: 'POST /v1/orders',
              kind: 2,
              startTimeUnixNano: '1795306178990250000',
              endTimeUnixNano: '1795306179002500000',
              attributes: [
                { key: 'text', value: { stringValue: 'x' } },
                { key: 'whole', value: { intValue: '202' } },
                { key: 'part', value: { doubleValue: 0.5 } },
                { key: 'yes', value: { boolValue: true } },
                { key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { intValue: 2 }] } } },
                { key: 'none', value: {} },
              ],
              links: [{ traceId: TRACE, spanId: 'aaaaaaaaaaaaaaaa' }],
              status: { code: 2, message: 'no' },
            },
          ],
        },
      ],
    },
  ],
}

const point = { attributes: [{ key: 'service', value: { stringValue: 'payments' } }] }

const metrics = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'commerce-mesh' } }] },
      scopeMetrics: [
        {
          metrics: [
            { name: 'a_total', sum: { isMonotonic: true, dataPoints: [{ ...point, asDouble: 3 }] } },
            { name: 'b', gauge: { dataPoints: [{ ...point, asInt: '7' }] } },
            {
              name: 'c_seconds',
              histogram: {
                dataPoints: [
                  { ...point, count: '3', sum: 1.5, explicitBounds: [1, 2], bucketCounts: ['1', '2', '0'] },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
}

const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(collector.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })

describe('the collector', () => {
  it('keeps spans as they were sent', async () => {
    expect((await send('/v1/traces', traces)).status).toBe(200)
    expect(collector.spans()).toEqual([
      {
        traceId: TRACE,
        spanId: 'b7ad6b7169203331',
        parentId: 'b7ad6b7169203330',
        name: 'POST /v1/orders',
        kind: 'server',
        startedAt: 1_795_306_178_990.25,
        durationMs: expect.closeTo(12.25, 3),
        failed: true,
        reason: 'no',
        attributes: { text: 'x', whole: 202, part: 0.5, yes: true, list: [1, 2], none: null },
        links: [{ traceId: TRACE, spanId: 'aaaaaaaaaaaaaaaa' }],
        service: 'gateway',
        resource: { 'service.name': 'gateway' },
        scope: 'commerce-mesh',
      },
    ])
    collector.clear()
    expect(collector.spans()).toEqual([])
  })

  it('keeps the latest of each metric', async () => {
    await send('/v1/metrics', metrics)
    await send('/v1/metrics', metrics)
    const attributes = { service: 'payments' }
    expect(collector.metrics()).toEqual([
      {
        name: 'a_total',
        kind: 'sum',
        service: 'commerce-mesh',
        monotonic: true,
        points: [{ attributes, value: 3 }],
      },
      { name: 'b', kind: 'gauge', service: 'commerce-mesh', points: [{ attributes, value: 7 }] },
      {
        name: 'c_seconds',
        kind: 'histogram',
        service: 'commerce-mesh',
        points: [{ attributes, value: 3, sum: 1.5, bounds: [1, 2], buckets: [1, 2, 0] }],
      },
    ])
  })

  it('takes what is compressed', async () => {
    await send('/v1/traces', gzipSync(JSON.stringify(traces)), { 'content-encoding': 'gzip' })
    expect(collector.spans()).toHaveLength(1)
  })

  it.each([
    ['no JSON', '/v1/traces', '{'],
    ['no ids', '/v1/traces', { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'x' }] }] }] }],
    ['another path', '/v1/logs', {}],
  ])('refuses and remembers what is no OTLP: %s', async (_, path, body) => {
    expect((await send(path, body)).status).toBe(400)
    expect(collector.faults()).toHaveLength(1)
    expect(collector.spans()).toEqual([])
  })

  it('can be ill', async () => {
    collector.behave({ status: 503 })
    expect((await send('/v1/traces', traces)).status).toBe(503)
    collector.behave('silent')
    const hanging = fetch(`${collector.url}/v1/traces`, {
      method: 'POST',
      body: '{}',
      signal: AbortSignal.timeout(50),
    })
    await expect(hanging).rejects.toThrow()
    collector.behave('well')
    await send('/v1/traces', traces, { 'x-key': 'k' })
    expect(collector.spans()).toHaveLength(1)
    expect(collector.requests()).toBe(3)
    expect(collector.lastHeaders()).toMatchObject({ 'x-key': 'k' })
  })
})

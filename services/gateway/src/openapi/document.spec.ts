import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Fixture, openFixture } from '../edge/edge-fixture.ts'

type Operation = {
  operationId: string
  summary: string
  security: Record<string, string[]>[]
  responses: Record<string, unknown>
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>>; securitySchemes: Record<string, unknown> }
}

let gateway: Fixture
let document: Document

beforeAll(async () => {
  gateway = await openFixture()
  document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as Document
})

afterAll(() => gateway.close())

const operations = () => Object.values(document.paths).flatMap((path) => Object.values(path))

const references = () =>
  [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '')

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 with every route', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path}`),
      ),
    ).toEqual([
      'post /v1/orders',
      'get /v1/orders',
      'get /v1/orders/{number}',
      'post /titan/fulfill/',
      'post /webhooks/stripe',
      'post /v1/events',
      'get /v1/dead-letters',
      'get /v1/dead-letters/{id}',
      'post /v1/dead-letters/{id}/redrive',
      'post /v1/dead-letters/{id}/discard',
      'get /v1/audit',
      'get /v1/services',
      'post /v1/callers',
      'get /healthz',
      'get /readyz',
      'get /metrics',
      'get /',
      'get /openapi.json',
    ])
  })

  it('gives every operation a name of its own, a summary, and what it needs of the caller', () => {
    const names = operations().map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const { summary, security, responses } of operations()) {
      expect(summary).not.toBe('')
      expect(responses).toHaveProperty('default')
      for (const scheme of security.flatMap((one) => Object.keys(one)))
        expect(document.components.securitySchemes).toHaveProperty(scheme)
    }
    expect(document.paths['/v1/orders']?.['post']?.security).toEqual([
      { apiKey: ['orders:write'] },
      { lmsToken: [] },
    ])
    expect(document.paths['/healthz']?.['get']?.security).toEqual([])
    for (const path of ['/v1/audit', '/v1/events'])
      for (const { security } of Object.values(document.paths[path] ?? {}))
        expect(security.flatMap((one) => Object.keys(one))).toEqual(['apiKey'])
  })

  it('has every schema that it refers to, and none that is only a reference to itself', () => {
    expect(references().length).toBeGreaterThan(20)
    for (const target of references()) {
      const name = target.replace('#/components/schemas/', '')
      expect(document.components.schemas[name]).toBeDefined()
      expect(document.components.schemas[name]).not.toHaveProperty('$ref')
    }
    expect(JSON.stringify(document)).not.toContain('$defs')
  })

  it('describes the native body from the schema that checks it', () => {
    expect(document.components.schemas['OrderRequest']).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['orderNumber', 'placedAt', 'learner', 'currency', 'total', 'lines', 'payment'],
    })
  })
})

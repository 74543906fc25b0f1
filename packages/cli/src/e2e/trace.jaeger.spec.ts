import { describeEngine, eventually } from '@commerce-mesh/testing'
import { expect, it } from '@jest/globals'
import { PERSONAL, startTracedMesh } from './traced-mesh.ts'

// The same order as in trace.int.spec.ts, as a real Jaeger shows it.

type JaegerSpan = {
  readonly spanID: string
  readonly operationName: string
  readonly processID: string
  readonly references: readonly {
    readonly refType: string
    readonly traceID: string
    readonly spanID: string
  }[]
  readonly tags: readonly { readonly key: string; readonly value: unknown }[]
  readonly warnings: readonly string[] | null
}

type JaegerTrace = {
  readonly traceID: string
  readonly spans: readonly JaegerSpan[]
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>
}

const ask = async <T>(url: string): Promise<T> => {
  const response = await fetch(url)
  return ((await response.json()) as { data: T }).data
}

const parentOf = ({ references }: JaegerSpan) =>
  references.find(({ refType }) => refType === 'CHILD_OF')?.spanID

describeEngine('jaeger', 'the trace of an order in Jaeger', (jaeger) => {
  it('is one tree over three services, whole, and without personal data', async () => {
    const endpoint = process.env['MESH_TEST_OTLP']
    if (endpoint === undefined)
      throw new Error('MESH_TEST_OTLP must name the OTLP/HTTP address of the Jaeger.')
    const traced = await startTracedMesh({ endpoint })
    try {
      traced.lms.setFaults({ rules: [{ match: { method: 'POST', path: '/api' }, fault: '503', times: 1 }] })
      const traceId = await traced.order('EDX-JAEGER')
      await traced.settled()
      await traced.stop()
      const trace = await eventually(
        async () => {
          const [found] = (await ask<JaegerTrace[] | null>(`${jaeger}/api/traces/${traceId}`)) ?? []
          return (
            found?.spans.some(({ operationName }) => operationName === 'send order.fulfilled.v1') && found
          )
        },
        { what: 'the trace in Jaeger', timeoutMs: 20_000 },
      )
      const { spans, processes } = trace
      const ids = new Set(spans.map(({ spanID }) => spanID))
      expect(ids.size).toBe(spans.length)
      const roots = spans.filter((span) => parentOf(span) === undefined)
      expect(roots.map(({ operationName }) => operationName)).toEqual(['POST /v1/orders'])
      for (const span of spans) {
        const parent = parentOf(span)
        if (parent !== undefined) expect(ids).toContain(parent)
        // It also wonders about clocks, where a record was processed faster than its event was sent.
        expect(span.warnings ?? []).not.toContainEqual(expect.stringMatching(/parent|duplicate/i))
      }
      const services = new Set(Object.values(processes).map(({ serviceName }) => serviceName))
      expect(services).toEqual(new Set(['gateway', 'payments', 'fulfillment']))
      const attempts = spans.filter(({ operationName }) => operationName === 'process order.placed.v1')
      const nth = attempts.map(({ tags }) => tags.find(({ key }) => key === 'mesh.attempt')?.value)
      expect(new Set(nth)).toEqual(new Set([1, 2]))
      const told = JSON.stringify(trace)
      for (const marker of PERSONAL) expect(told).not.toContain(marker)
      expect(await ask<string[]>(`${jaeger}/api/services`)).toEqual(expect.arrayContaining([...services]))
    } finally {
      await traced.close()
    }
  })
})

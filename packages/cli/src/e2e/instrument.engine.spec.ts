import { describeEngine, treeOf } from '@commerce-mesh/testing'
import { expect, it } from '@jest/globals'
import { addedSpans, prepareInstrumentedMesh } from './instrumented-mesh.ts'

describeEngine('mongodb', 'the driver’s own spans', (url) => {
  it('hang below the mesh’s store spans, in the same service, without what is stored', async () => {
    const mesh = await prepareInstrumentedMesh()
    try {
      const database = `mesh_trace_${process.pid}_${Date.now()}`
      mesh.configure(
        ['mongodb'],
        `store: { driver: mongodb, mongodb: { url: '${url}', database: ${database} } }\n`,
      )
      await mesh.start({ preload: true }).printed(/Ctrl-C stops it/)
      expect(await mesh.placeOrder()).toMatchObject({ code: 0 })
      await mesh.stop()
      const spans = mesh.collector.spans()
      const sent = spans.find(({ name }) => name === 'send order.fulfilled.v1')
      treeOf(spans, sent?.traceId ?? '')
      const added = addedSpans(spans).filter(({ span }) => span.traceId === sent?.traceId)
      const shown = added.map(({ span, parent }) => `${span.service}: ${parent?.name} > ${span.name}`)
      for (const service of ['payments', 'fulfillment'])
        expect(shown).toEqual(
          expect.arrayContaining([
            `${service}: get ${service} > find ${service}`,
            `${service}: put ${service} > insert ${service}`,
            `${service}: put ${service} > update ${service}`,
          ]),
        )
      // What polls and beats in the background makes no traces.
      expect(addedSpans(spans).filter(({ parent }) => parent === undefined)).toEqual([])
      expect(JSON.stringify(spans)).not.toMatch(/alice/)
    } finally {
      await mesh.close()
    }
  })
})

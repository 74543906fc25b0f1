import { treeOf } from '@commerce-mesh/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type InstrumentedMesh, addedSpans, prepareInstrumentedMesh } from './instrumented-mesh.ts'

// Auto-instrumentations beside the mesh's own spans, as an operator turns them on: `telemetry.instrumentations` in
// mesh.yaml, and Node's --import.

let mesh: InstrumentedMesh

beforeEach(async () => {
  mesh = await prepareInstrumentedMesh()
})
afterEach(() => mesh.close())

describe('auto-instrumentations', () => {
  it('hang below the mesh’s own spans, and nothing shows twice', async () => {
    mesh.configure(['dns', 'net', 'mongodb'])
    await mesh.start({ preload: true }).printed(/Ctrl-C stops it/)
    expect(await mesh.placeOrder()).toMatchObject({ code: 0 })
    const ended = await mesh.stop()
    expect(ended).toMatchObject({ code: 0, err: expect.not.stringContaining('telemetry') })
    const spans = mesh.collector.spans()
    const added = addedSpans(spans)
    expect(new Set(added.map(({ span }) => span.name))).toEqual(new Set(['dns.lookup', 'tcp.connect']))
    for (const { span, parent } of added) {
      expect(span.service).toBe('fulfillment')
      expect(parent?.attributes).toHaveProperty(['mesh.lms.operation'])
    }
    treeOf(spans, added[0]?.span.traceId ?? '')
    expect(spans.filter(({ name }) => name === 'POST /v1/orders')).toHaveLength(1)
    expect(spans.filter(({ kind, parentId }) => kind === 'server' && parentId !== undefined)).toEqual([])
  })

  it('are missed aloud where Node was started without --import', async () => {
    mesh.configure(['dns'])
    await mesh.start({ preload: false }).printed(/Ctrl-C stops it/)
    expect(await mesh.placeOrder()).toMatchObject({ code: 0 })
    expect((await mesh.stop())?.err).toMatch(/telemetry\.instrumentations has no effect.*--import/)
    expect(addedSpans(mesh.collector.spans())).toEqual([])
  })

  it('are refused where they would show everything twice', async () => {
    mesh.configure(['dns', 'express'])
    const ended = await mesh.start({ preload: true }).ended
    expect(ended.code).not.toBe(0)
    expect(ended.err).toMatch(/MESH_CONFIG_INVALID/)
    expect(ended.err).toMatch(/'express' is not needed/)
  })
})

describe('a collector that takes connections and never answers', () => {
  it('neither slows an order down nor keeps the process from ending', async () => {
    mesh.collector.behave('silent')
    mesh.configure([])
    await mesh.start({ preload: false }).printed(/Ctrl-C stops it/)
    expect(await mesh.placeOrder()).toMatchObject({ code: 0 })
    const stopped = performance.now()
    expect(await mesh.stop()).toMatchObject({ code: 0 })
    // Two seconds are the mesh's own patience, and a little the exporter's.
    expect(performance.now() - stopped).toBeLessThan(6_000)
    expect(mesh.collector.requests()).toBeGreaterThan(0)
  })
})

import { describe, expect, it } from '@jest/globals'
import { METRICS, createMetrics } from './metrics.ts'

const records = { service: 'packing', type: 'parcel.ordered.v1', outcome: 'done' }

describe('metrics', () => {
  it('writes counters, gauges and histograms in Prometheus’ text form, each with its description', async () => {
    const metrics = createMetrics()
    metrics.count('mesh_records_total', records)
    metrics.count('mesh_records_total', records, 2)
    metrics.gauge('mesh_waiting_records', { service: 'packing' }, 7)
    metrics.observe('mesh_handle_seconds', { service: 'packing', handler: 'pack' }, 0.003)
    const text = await metrics.text()
    expect(text).toContain('mesh_records_total{service="packing",type="parcel.ordered.v1",outcome="done"} 3')
    expect(text).toContain('mesh_waiting_records{service="packing"} 7')
    expect(text).toContain('mesh_handle_seconds_bucket{le="0.0025",service="packing",handler="pack"} 0')
    expect(text).toContain('mesh_handle_seconds_bucket{le="0.005",service="packing",handler="pack"} 1')
    expect(text).toContain(`# HELP mesh_records_total ${METRICS['mesh_records_total']?.help}`)
    expect(metrics.contentType).toMatch(/^text\/plain/)
  })

  it('asks for fresh values whenever it is read', async () => {
    const metrics = createMetrics()
    let lag = 1
    metrics.collect(async () => metrics.gauge('mesh_lag_records', { service: 'packing', topic: 't' }, lag++))
    expect(await metrics.text()).toContain('mesh_lag_records{service="packing",topic="t"} 1')
    expect(await metrics.text()).toContain('mesh_lag_records{service="packing",topic="t"} 2')
  })

  it('keeps the registries of two meshes in one process apart', async () => {
    const [one, other] = [createMetrics(), createMetrics()]
    one.count('mesh_records_total', records)
    expect(await other.text()).not.toContain('mesh_records_total{')
  })

  it('refuses a metric without a description, and a label that it does not have', () => {
    const metrics = createMetrics()
    expect(() => metrics.count('mesh_surprises_total', {})).toThrow(/mesh_surprises_total.*METRICS/)
    expect(() => metrics.gauge('mesh_waiting_records', { order: 'EDX-1' }, 1)).toThrow(/order/)
  })

  it('names and describes its metrics as Prometheus advises', () => {
    for (const [name, { help }] of Object.entries(METRICS)) {
      expect(name).toMatch(/^mesh_[a-z_]+$/)
      expect(help).toMatch(/\.$/)
    }
  })
})

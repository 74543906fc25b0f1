import { describe, expect, it } from '@jest/globals'
import { createMetrics } from '../metrics.ts'
import { toMetricData } from './metric-bridge.ts'

const period = { startTime: [1, 0] as [number, number], endTime: [2, 0] as [number, number] }

const bridged = async (fill: (metrics: ReturnType<typeof createMetrics>) => void) => {
  const metrics = createMetrics()
  fill(metrics)
  const all = toMetricData(await metrics.snapshot(), period)
  return (name: string) => all.find(({ descriptor }) => descriptor.name === name)
}

const labels = { service: 'packing', handler: 'pack' }

describe('metrics in OpenTelemetry’s form', () => {
  it('are cumulative monotonic sums where they are counters, under the same name and labels', async () => {
    const find = await bridged((metrics) => {
      metrics.count('mesh_spans_dropped_total', { reason: 'queue_full' }, 3)
      metrics.count('mesh_spans_dropped_total', { reason: 'not_sent' })
    })
    expect(find('mesh_spans_dropped_total')).toMatchObject({
      dataPointType: 3,
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: [
        { ...period, attributes: { reason: 'queue_full' }, value: 3 },
        { ...period, attributes: { reason: 'not_sent' }, value: 1 },
      ],
    })
  })

  it('are gauges where they are gauges, fresh ones', async () => {
    const find = await bridged((metrics) => {
      metrics.collect(() => metrics.gauge('mesh_waiting_records', { service: 'packing' }, 7))
    })
    expect(find('mesh_waiting_records')).toMatchObject({
      dataPointType: 2,
      dataPoints: [{ attributes: { service: 'packing' }, value: 7 }],
    })
  })

  it('keep the buckets of histograms: what lies between two bounds, not what lies below', async () => {
    const find = await bridged((metrics) => {
      for (const seconds of [0.0005, 0.002, 0.002, 0.3, 99])
        metrics.observe('mesh_handle_seconds', labels, seconds)
      metrics.observe('mesh_handle_seconds', { ...labels, handler: 'other' }, 1)
    })
    const histogram = find('mesh_handle_seconds')
    expect(histogram?.dataPoints).toHaveLength(2)
    const [point] = (histogram?.dataPoints ?? []) as unknown as {
      attributes: unknown
      value: { count: number; sum: number; buckets: { boundaries: number[]; counts: number[] } }
    }[]
    expect(point?.attributes).toEqual(labels)
    expect(point?.value.count).toBe(5)
    expect(point?.value.sum).toBeCloseTo(99.3045)
    const { boundaries = [], counts = [] } = point?.value.buckets ?? {}
    expect(counts).toHaveLength(boundaries.length + 1)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(boundaries.slice(0, 2)).toEqual([0.001, 0.0025])
    expect(counts.slice(0, 2)).toEqual([1, 2])
    expect(counts[boundaries.indexOf(0.5)]).toBe(1)
    expect(counts.at(-1)).toBe(1)
  })

  it('have the process’s own among them, and nothing that was never measured', async () => {
    const find = await bridged(() => {})
    expect(find('process_cpu_seconds_total')).toMatchObject({ isMonotonic: true })
    expect(find('nodejs_heap_size_used_bytes')).toMatchObject({ dataPointType: 2 })
    expect(find('mesh_handle_seconds')).toBeUndefined()
  })
})

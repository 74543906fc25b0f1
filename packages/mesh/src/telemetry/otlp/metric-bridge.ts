import { type HrTime, ValueType } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type HistogramMetricData,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import type { MetricSnapshot } from '../metrics.ts'

/** When counting began, and when the values were read. */
type Period = { readonly startTime: HrTime; readonly endTime: HrTime }

type Value = MetricSnapshot['values'][number]

type Labels = Value['labels']

const common = ({ name, help }: MetricSnapshot) => ({
  descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
  aggregationTemporality: AggregationTemporality.CUMULATIVE,
})

const points = (values: readonly Value[], period: Period): DataPoint<number>[] =>
  values
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ ...period, attributes: { ...labels }, value }))

/** Values of a histogram by their labels, without the bucket's bound. */
const series = (values: readonly Value[]): { labels: Labels; values: Value[] }[] => {
  const found = new Map<string, { labels: Labels; values: Value[] }>()
  for (const value of values) {
    const { le: _, ...labels } = value.labels
    const key = JSON.stringify(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    const known = found.get(key)
    if (known === undefined) found.set(key, { labels, values: [value] })
    else known.values.push(value)
  }
  return [...found.values()]
}

/** Prometheus counts everything below a bound, OpenTelemetry what lies between two. */
const histogramOf = (name: string, values: readonly Value[]) => {
  const one = (suffix: string) =>
    values.find(({ metricName }) => metricName === `${name}_${suffix}`)?.value ?? 0
  const count = one('count')
  const bounded = values
    .filter(({ metricName, labels }) => metricName === `${name}_bucket` && typeof labels['le'] === 'number')
    .toSorted((a, b) => Number(a.labels['le']) - Number(b.labels['le']))
  const upTo = [...bounded.map(({ value }) => value), count]
  return {
    buckets: {
      boundaries: bounded.map(({ labels }) => Number(labels['le'])),
      counts: upTo.map((value, index) => value - (upTo[index - 1] ?? 0)),
    },
    sum: one('sum'),
    count,
  }
}

const histogram = (metric: MetricSnapshot, period: Period): HistogramMetricData => ({
  ...common(metric),
  dataPointType: DataPointType.HISTOGRAM,
  dataPoints: series(metric.values).map(({ labels, values }) => ({
    ...period,
    attributes: { ...labels },
    value: histogramOf(metric.name, values),
  })),
})

/**
 * The process's metrics in OpenTelemetry's form, under the same names and labels: counters become cumulative monotonic
 * sums, histograms keep their buckets. Summaries are left out; the mesh has none.
 */
export const toMetricData = (metrics: readonly MetricSnapshot[], period: Period): MetricData[] =>
  metrics
    .filter(({ values }) => values.length > 0)
    .flatMap((metric): MetricData[] => {
      const dataPoints = () => points(metric.values, period)
      switch (metric.type) {
        case 'counter':
          return [
            {
              ...common(metric),
              dataPointType: DataPointType.SUM,
              isMonotonic: true,
              dataPoints: dataPoints(),
            },
          ]
        case 'gauge':
          return [{ ...common(metric), dataPointType: DataPointType.GAUGE, dataPoints: dataPoints() }]
        case 'histogram':
          return [histogram(metric, period)]
        case 'summary':
          return []
      }
    })

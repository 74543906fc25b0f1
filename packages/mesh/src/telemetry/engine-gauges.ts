import type { Metrics } from './metrics.ts'

/** One gauge with its value. */
export type GaugeValue = { readonly labels: Readonly<Record<string, string>>; readonly value: number }

/**
 * Gauges of one name that are asked of an engine whenever somebody asks for the metrics. While the engine can't say,
 * they have no value: an old one would look like good news, and `absent()` finds none.
 */
export const collectFrom = (
  metrics: Metrics,
  name: string,
  ask: () => Promise<readonly GaugeValue[]>,
): void => {
  let shown: readonly GaugeValue[] = []
  metrics.collect(async () => {
    try {
      shown = await ask()
      for (const { labels, value } of shown) metrics.gauge(name, labels, value)
    } catch {
      for (const { labels } of shown) metrics.forget(name, labels)
    }
  })
}

import type { Replica } from '../cluster/replica.ts'

const ANSWER_MS = 10_000

/** @param metrics - text of /metrics, as Prometheus reads it. */
export const handledRecords = (metrics: string, service: string): number =>
  metrics
    .split('\n')
    .filter((line) => line.startsWith('mesh_records_total{') && line.includes(`service="${service}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)

/** Records that a process has handled since its start. @throws Error when it does not answer */
export const handledBy = async ({ url, service }: Replica): Promise<number> => {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) })
  return handledRecords(await response.text(), service)
}

/** The longest time between two moments in which nothing happened, in milliseconds; their ends count too. */
export const longestGapMs = (moments: readonly number[], from: number, to: number): number => {
  const within = moments.filter((moment) => moment > from && moment < to).toSorted((a, b) => a - b)
  const ends = [...within, to]
  return Math.max(...ends.map((moment, index) => moment - (index === 0 ? from : (ends[index - 1] ?? from))))
}

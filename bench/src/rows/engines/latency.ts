import { type Child, startChild } from '../../process/child.ts'
import { sendAtRate } from '../../load/open-loop.ts'
import type { Row } from '../../report/report.ts'
import { median, quantile } from '../../report/statistics.ts'
import { stopAll } from './contest.ts'
import { type Bench, busOf } from './kafka.ts'
import { openOrderLog } from './order-log.ts'

const PER_SECOND = 500
const CONNECTIONS = 16

const SHARES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const

type Quantiles = Readonly<Record<keyof typeof SHARES, number>>

type Slice = Quantiles & {
  /** How late the load itself was, in milliseconds. */
  readonly lateP99: number
}

const NAMES = Object.keys(SHARES) as (keyof typeof SHARES)[]

/** What an answer may take longer than that of the bare loop, in milliseconds. */
const TARGETS: Partial<Quantiles> = { p50: 2, p99: 10 }

const portOf = (child: Child) => Number(child.ready['port'] ?? new URL(String(child.ready['url'])).port)

const slice = async (child: Child, prefix: string, seconds: number): Promise<Slice> => {
  const { sent, ok, latenciesMs, latenessMs } = await sendAtRate(prefix, {
    port: portOf(child),
    connections: CONNECTIONS,
    perSecond: PER_SECOND,
    goesOn: (count) => count < PER_SECOND * seconds,
  })
  if (ok !== sent) throw new Error(`${sent - ok} of ${sent} orders were not accepted`)
  const [p50, p90, p99] = NAMES.map((name) => quantile(latenciesMs, SHARES[name]))
  return { p50: p50 ?? 0, p90: p90 ?? 0, p99: p99 ?? 0, lateP99: quantile(latenessMs, 0.99) }
}

const list = (of: (name: keyof typeof SHARES) => number) =>
  NAMES.map((name) => `${name} ${of(name).toFixed(1)}`).join(', ')

const GATEWAY = 'gateway on Kafka'

const valueRow = (name: string, slices: readonly Slice[]): Row => ({
  name: `latency at ${PER_SECOND}/s, ${CONNECTIONS} connections: ${name}`,
  value: `${list((share) => median(slices.map((one) => one[share])))} ms`,
  figures: { slices },
})

const addedRow = (name: string, ours: readonly Slice[], bare: readonly Slice[]): Row => {
  const added = (share: keyof typeof SHARES) => ours.map((one, nth) => one[share] - (bare[nth]?.[share] ?? 0))
  const span = (share: keyof typeof SHARES) =>
    `${share} ${Math.min(...added(share)).toFixed(1)} to ${Math.max(...added(share)).toFixed(1)}`
  return {
    name: `added latency over ${name}`,
    value: `${list((share) => median(added(share)))} ms (${NAMES.map(span).join(', ')})`,
    target: `p50 < ${TARGETS.p50} ms, p99 < ${TARGETS.p99} ms`,
    reached: NAMES.every((share) => median(added(share)) < (TARGETS[share] ?? Infinity)),
    figures: { added: Object.fromEntries(NAMES.map((share) => [share, added(share)])) },
  }
}

/** POST /v1/orders at a fixed rate: the gateway on Kafka, express that sends with kafkajs, and express alone, in turns. */
export const latencyRows = async (bench: Bench, quick: boolean): Promise<Row[]> => {
  const log = await openOrderLog(bench, 'latency-bare')
  const servers: Record<string, Child> = {}
  try {
    servers[GATEWAY] = await startChild('mesh', {
      data: `${bench.folder}/latency`,
      services: ['gateway'],
      bus: busOf(bench, 'latency'),
      lmsUrl: 'http://127.0.0.1:9',
    })
    servers['express + kafkajs send'] = await startChild('bare-kafka-express', {
      bootstrapServers: bench.bootstrapServers,
      topic: log.topic,
    })
    servers['express alone'] = await startChild('bare-express', {})
    const names = Object.keys(servers)
    const slices: Record<string, Slice[]> = Object.fromEntries(names.map((name) => [name, []]))
    const seconds = quick ? 3 : 6
    for (const [nth, name] of names.entries()) await slice(servers[name] as Child, `LW${nth}`, seconds)
    for (let round = 0; round < (quick ? 3 : 9); round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const nth = (turn + round) % names.length
        const name = names[nth] ?? ''
        slices[name]?.push(await slice(servers[name] as Child, `L${round}N${nth}`, seconds))
      }
    }
    const ours = slices[GATEWAY] ?? []
    return [
      ...names.map((name) => valueRow(name, slices[name] ?? [])),
      ...names.filter((name) => name !== GATEWAY).map((name) => addedRow(name, ours, slices[name] ?? [])),
    ]
  } finally {
    await stopAll([...Object.values(servers), { stop: () => log.close() }])
  }
}

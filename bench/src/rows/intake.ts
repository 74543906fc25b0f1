import { type Child, startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import { type LoadResult, sendLoad } from '../load/load.ts'
import type { Row } from '../report/report.ts'
import { median, quantile } from '../report/statistics.ts'

const portOf = (child: Child): number =>
  Number(child.ready['port'] ?? new URL(String(child.ready['url'])).port)

const perSecond = ({ ok, seconds }: LoadResult) => ok / seconds

/** Durable intake against bare express: turns A B A B, the ratio pair by pair. */
const compare = async (
  mesh: Child,
  bare: Child,
  connections: number,
  rounds: number,
  ms: number,
  label: string,
) => {
  const pairs = []
  for (let round = 0; round < rounds; round++) {
    const prefix = `${label}${connections}R${round}`
    const durable = await sendLoad(portOf(mesh), connections, prefix, { orders: Infinity, ms })
    // What the view still has to catch up with must not slow the reference down.
    await mesh.ask('settled')
    const reference = await sendLoad(portOf(bare), connections, prefix, { orders: Infinity, ms })
    if (durable.ok !== durable.sent)
      throw new Error(`${durable.sent - durable.ok} of ${durable.sent} orders were not accepted`)
    pairs.push({
      durable: perSecond(durable),
      bare: perSecond(reference),
      ratio: perSecond(durable) / perSecond(reference),
      p50Ms: quantile(durable.latenciesMs, 0.5),
      p99Ms: quantile(durable.latenciesMs, 0.99),
    })
  }
  return pairs
}

type Pairs = Awaited<ReturnType<typeof compare>>

const row = (name: string, pairs: Pairs, target?: number): Row => {
  const ratio = median(pairs.map((pair) => pair.ratio))
  const middle = (pick: (pair: Pairs[number]) => number) => median(pairs.map(pick))
  return {
    name,
    value: `${ratio.toFixed(2)} of bare (${middle((pair) => pair.durable).toFixed(0)}/s of ${middle((pair) => pair.bare).toFixed(0)}/s; p50 ${middle((pair) => pair.p50Ms).toFixed(1)} ms, p99 ${middle((pair) => pair.p99Ms).toFixed(1)} ms)`,
    figures: { pairs },
    ...(target !== undefined && { target: `>= ${target}`, reached: ratio >= target }),
  }
}

/** The same with payments, fulfillment and their LMS calls on the same two cores. */
const allInOneRow = async (folder: string, bare: Child, rounds: number, ms: number): Promise<Row> => {
  const lms = await startChild('lms', { throttle: false, autoCreate: true })
  const mesh = await startChild('mesh', { data: `${folder}/all`, lmsUrl: String(lms.ready['url']) })
  try {
    await compare(mesh, bare, 64, 1, ms, 'X')
    return row(
      'durable intake, 64 connections, all in one process',
      await compare(mesh, bare, 64, rounds, ms, 'C'),
    )
  } finally {
    await mesh.stop()
    await lms.stop()
  }
}

/** POST /v1/orders, each 2xx on disk, against express that only parses and answers. */
export const intakeRows = (rounds: number, ms: number): Promise<Row[]> =>
  withFolder(async (folder) => {
    const bare = await startChild('bare-express', {})
    const gateway = await startChild('mesh', {
      data: `${folder}/gateway`,
      lmsUrl: 'http://127.0.0.1:9',
      services: ['gateway'],
    })
    const rows: Row[] = []
    try {
      // One round each that is not counted: both sides compile and open what they need.
      await compare(gateway, bare, 64, 1, ms, 'W')
      rows.push(
        row(
          'durable intake, 64 connections, gateway alone',
          await compare(gateway, bare, 64, rounds, ms, 'A'),
          0.5,
        ),
      )
      rows.push(
        row(
          'durable intake, 256 connections, gateway alone',
          await compare(gateway, bare, 256, rounds, ms, 'B'),
          0.7,
        ),
      )
      rows.push(await allInOneRow(folder, bare, Math.ceil(rounds / 3), ms))
    } finally {
      await gateway.stop()
      await bare.stop()
    }
    return rows
  })

import { setTimeout as delay } from 'node:timers/promises'
import { sendAtRate } from '../../load/open-loop.ts'
import { type Child, startChild } from '../../process/child.ts'
import type { Row } from '../../report/report.ts'
import { stopAll } from './contest.ts'
import { type Bench, busOf } from './kafka.ts'
import { type OrderLog, openOrderLog } from './order-log.ts'
import { startStub, urlOf } from './turn.ts'

const PER_SECOND = 100
const LATENCY_MS = 20
/** The default of fulfillment. */
const CONCURRENCY = 16
/** The most that so many places can do when each order is two calls. */
const CEILING = (CONCURRENCY * 1_000) / (LATENCY_MS * 2)
/** Less than one second of intake counts as caught up: it never stands still. */
const CAUGHT_UP = PER_SECOND
const PREFIX = 'outage'
/** However slow the machine is, the run ends. */
const RECOVERY_MS = 600_000

/** One look at fulfillment. */
type Sample = {
  /** Seconds since the first look. */
  readonly at: number
  readonly phase: 'before' | 'down' | 'recovery'
  readonly rssMb: number
  readonly frontMb: number
  readonly lag: number
  /** Enrollments that the LMS has written so far. */
  readonly enrolled: number
}

type Watched = {
  readonly front: Child
  readonly fulfillment: Child
  readonly lms: Child
  readonly log: OrderLog
}

const watch = ({ front, fulfillment, lms, log }: Watched) => {
  const samples: Sample[] = []
  const started = performance.now()
  const look = async (phase: Sample['phase']): Promise<Sample> => {
    const [own, others, lag, counts] = await Promise.all([
      fulfillment.usage(),
      front.usage(),
      log.lag('fulfillment'),
      lms.ask('counts'),
    ])
    const sample = {
      at: (performance.now() - started) / 1_000,
      phase,
      rssMb: Math.round(own.rssMb),
      frontMb: Math.round(others.rssMb),
      lag,
      enrolled: (counts as { posts: number }).posts,
    }
    samples.push(sample)
    return sample
  }
  const during = async (phase: Sample['phase'], ms: number, everyMs: number) => {
    for (const end = performance.now() + ms; performance.now() < end; await delay(everyMs)) await look(phase)
  }
  return { samples, look, during }
}

/** Looks until it has caught up; seconds since the LMS was back, and what it did between. */
const recover = async (look: (phase: 'recovery') => Promise<Sample>) => {
  const back = await look('recovery')
  const until = performance.now() + RECOVERY_MS
  let first: Sample | undefined
  for (;;) {
    await delay(250)
    const now = await look('recovery')
    if (now.enrolled > back.enrolled) first ??= now
    if (first !== undefined && now.lag <= CAUGHT_UP) {
      const perSecond = (now.enrolled - first.enrolled) / (now.at - first.at)
      return { firstAfter: first.at - back.at, caughtUpAfter: now.at - back.at, perSecond }
    }
    if (performance.now() > until) throw new Error(`Still ${now.lag} records behind after ${RECOVERY_MS} ms.`)
  }
}

const rowsOf = (
  seconds: number,
  samples: readonly Sample[],
  recovery: Awaited<ReturnType<typeof recover>>,
) => {
  const most = (phase: Sample['phase'], figure: 'rssMb' | 'frontMb' | 'lag') =>
    Math.max(...samples.filter((sample) => sample.phase === phase).map((sample) => sample[figure]))
  const { firstAfter, caughtUpAfter, perSecond } = recovery
  const figures = { samples, recovery }
  return [
    {
      name: `LMS down for ${seconds} s, ${PER_SECOND} orders/s going on: memory of fulfillment`,
      value: `${most('before', 'rssMb')} MB before, at most ${most('down', 'rssMb')} MB while down and ${most('recovery', 'rssMb')} MB while catching up; ${most('down', 'lag')} records behind at the end`,
      figures,
    },
    {
      name: 'recovery when the LMS is back, the orders going on',
      value: `first order after ${firstAfter.toFixed(1)} s; then ${perSecond.toFixed(0)}/s of the ${CEILING}/s that ${CONCURRENCY} places at ${LATENCY_MS} ms a call allow; caught up after ${caughtUpAfter.toFixed(0)} s`,
      figures: recovery,
    },
  ]
}

/**
 * Gateway and payments in one process, fulfillment in another; the LMS resets every call for a while.
 *
 * @param seconds - how long.
 */
export const outageRows = async (bench: Bench, seconds: number): Promise<Row[]> => {
  const lms = await startStub(LATENCY_MS)
  const log = await openOrderLog(bench, PREFIX)
  const started: { stop(): Promise<void> }[] = [lms, { stop: () => log.close() }]
  let sending = true
  try {
    const shared = { bus: busOf(bench, PREFIX), lmsUrl: urlOf(lms), concurrency: CONCURRENCY }
    const start = async (services: readonly string[]) => {
      const data = `${bench.folder}/${PREFIX}-${services.join('-')}`
      const child = await startChild('mesh', { ...shared, data, services })
      started.unshift(child)
      return child
    }
    const fulfillment = await start(['fulfillment'])
    const front = await start(['gateway', 'payments'])
    const { samples, look, during } = watch({ front, fulfillment, lms, log })
    const port = Number(new URL(String(front.ready['url'])).port)
    const load = sendAtRate('OUT', { port, connections: 16, perSecond: PER_SECOND, goesOn: () => sending })
    await during('before', Math.min(20_000, seconds * 500), 1_000)
    await lms.ask('set', { mode: 'down' })
    await during('down', seconds * 1_000, seconds > 60 ? 5_000 : 1_000)
    await lms.ask('set', { mode: 'answer' })
    const recovery = await recover(look)
    sending = false
    const { sent, ok } = await load
    if (ok !== sent)
      throw new Error(`${sent - ok} of ${sent} orders were not accepted while the LMS was down`)
    return rowsOf(seconds, samples, recovery)
  } finally {
    sending = false
    await stopAll(started)
  }
}

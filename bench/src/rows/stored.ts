import { eventually } from '@commerce-mesh/testing'
import { type Child, startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import { sendLoad } from '../load/load.ts'
import type { Row } from '../report/report.ts'
import { stats } from './lms-stats.ts'
import { median } from '../report/statistics.ts'

const LOADED = 'LOADED'

/** Sends orders and waits until all are enrolled and the mesh is at rest; CPU milliseconds and seconds per order. */
const batch = async (lms: Child, mesh: Child, prefix: string, orders: number, first = 0) => {
  const before = await mesh.usage()
  const had = (await stats(lms)).effects
  const started = performance.now()
  await sendLoad(
    Number(new URL(String(mesh.ready['url'])).port),
    32,
    prefix,
    { orders, ms: 3_600_000 },
    first,
  )
  await eventually(async () => (await stats(lms)).effects >= had + orders, {
    what: 'everything enrolled',
    timeoutMs: 300_000,
  })
  const seconds = (performance.now() - started) / 1000
  await mesh.ask('settled')
  const after = await mesh.usage()
  return {
    cpuMs: (after.cpuMs - before.cpuMs) / orders,
    wallMs: (seconds * 1000) / orders,
    rssMb: after.rssMb,
  }
}

/** What an order costs in an almost empty mesh and in a full one, batch by batch in turn; and memory on the way. */
export const storedRows = (stored: number, rounds: number): Promise<Row[]> =>
  withFolder(async (folder) => {
    const lms = await startChild('lms', { throttle: false, autoCreate: true })
    const start = (data: string) =>
      startChild('mesh', { data: `${folder}/${data}`, lmsUrl: String(lms.ready['url']), concurrency: 64 })
    // Once started and stopped before it is measured, so that compiled code is cached, as it is at an operator's second start.
    await (await start('small')).stop()
    let full = await start('full')
    const idle = await full.usage()
    const small = await start('small')
    const memory: { orders: number; rssMb: number }[] = []
    const pairs = []
    try {
      const step = Math.max(1_000, stored / 20)
      for (let orders = 0; orders < stored; orders += step) {
        await batch(lms, full, LOADED, step, orders)
        memory.push({ orders: orders + step, rssMb: (await full.usage()).rssMb })
      }
      // Both start anew and warm up alike: what is compared is the data, not how hot the code is.
      await full.stop()
      full = await start('full')
      await batch(lms, full, 'WARMF', 1_000)
      await batch(lms, small, 'WARMS', 1_000)
      for (let round = 0; round < rounds; round++) {
        pairs.push({
          small: await batch(lms, small, `S${round}`, 500),
          full: await batch(lms, full, `F${round}`, 500),
        })
      }
    } finally {
      await small.stop()
      await full.stop()
      await lms.stop()
    }
    const ratio = median(pairs.map((pair) => pair.full.cpuMs / pair.small.cpuMs))
    const wall = median(pairs.map((pair) => pair.full.wallMs / pair.small.wallMs))
    const half = memory.slice(Math.floor(memory.length / 4))
    const rise = Math.max(...half.map(({ rssMb }) => rssMb)) / (half[0]?.rssMb ?? 1)
    return [
      {
        name: `cost of an order with ${stored} stored against 1,000`,
        value: `${ratio.toFixed(2)} x the CPU (${median(pairs.map((pair) => pair.full.cpuMs)).toFixed(2)} ms), ${wall.toFixed(2)} x the time`,
        target: '<= 1.15',
        reached: ratio <= 1.15,
        figures: { pairs },
      },
      {
        name: 'memory, idle',
        value: `${idle.rssMb.toFixed(0)} MB`,
        target: '<= 150 MB',
        reached: idle.rssMb <= 150,
        figures: { idle },
      },
      {
        name: `memory over ${stored} orders`,
        value: `${memory.map(({ rssMb }) => rssMb.toFixed(0)).join(' ')} MB`,
        target: 'flat (<= 1.25 x after the first quarter)',
        // A heap that still grows into its size says nothing about leaks.
        ...(stored >= 100_000 && { reached: rise <= 1.25 }),
        figures: { memory },
      },
    ]
  })

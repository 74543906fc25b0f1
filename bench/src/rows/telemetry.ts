import { type Child, startChild } from '../process/child.ts'
import { withFolder } from '../process/workspace.ts'
import { sendLoad } from '../load/load.ts'
import type { Row } from '../report/report.ts'
import { median } from '../report/statistics.ts'

/** Share of the traces that is kept; undefined: no collector at all. */
const SHARES = [undefined, 0.1, 1] as const

/** Orders before anything is measured: code that runs for the first time is another code. */
const WARM_UP = 2_000

type Share = (typeof SHARES)[number]

type Measured = { readonly perSecond: number; readonly cpuMs: number }

const startMeshes = async (folder: string, lms: Child, sink: Child, services?: readonly string[]) => {
  const meshes: { share: Share; mesh: Child }[] = []
  for (const share of SHARES) {
    const telemetry = share !== undefined && { endpoint: String(sink.ready['url']), sampling: share }
    const data = `${folder}/${services?.join('-') ?? 'all'}-${share ?? 'off'}`
    const settings = { data, lmsUrl: String(lms.ready['url']), concurrency: 64 }
    const mesh = await startChild('mesh', {
      ...settings,
      ...(services && { services }),
      ...(telemetry && { telemetry }),
    })
    meshes.push({ share, mesh })
  }
  return meshes
}

/** Orders sent as fast as they are taken, until the mesh has nothing left to do; and its CPU time for each. */
const turn = async (mesh: Child, prefix: string, orders: number): Promise<Measured> => {
  const before = await mesh.usage()
  const started = performance.now()
  const port = Number(new URL(String(mesh.ready['url'])).port)
  const { ok } = await sendLoad(port, 64, prefix, { orders, ms: 600_000 })
  if (ok !== orders) throw new Error(`${orders - ok} of ${orders} orders were not accepted`)
  await mesh.ask('settled')
  const perSecond = orders / ((performance.now() - started) / 1_000)
  return { perSecond, cpuMs: ((await mesh.usage()).cpuMs - before.cpuMs) / orders }
}

/** Turns in another order each round, so that no mesh always comes after the same one. */
const rotated = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
]

const measure = async (meshes: { share: Share; mesh: Child }[], rounds: number, orders: number) => {
  const figures: Record<string, Measured>[] = []
  for (const [nth, { mesh }] of meshes.entries()) await turn(mesh, `W${nth}`, WARM_UP)
  for (let round = 0; round < rounds; round++) {
    const measured: Record<string, Measured> = {}
    for (const { share, mesh } of rotated(meshes, round))
      measured[share ?? 'off'] = await turn(mesh, `T${share ?? 'off'}R${round}`, orders)
    figures.push(measured)
  }
  return figures
}

const rowOf = (name: string, figures: readonly Record<string, Measured>[]): Row => {
  const against = (share: number, pick: (of: Measured) => number) =>
    median(figures.map((round) => pick(round[share] as Measured) / pick(round['off'] as Measured))).toFixed(2)
  const told = ([0.1, 1] as const).map(
    (share) =>
      `${share * 100} % sampled: ${against(share, ({ perSecond }) => perSecond)} of the rate, ${against(share, ({ cpuMs }) => cpuMs)} x the CPU`,
  )
  const off = median(figures.map((round) => (round['off'] as Measured).cpuMs))
  return {
    name,
    value: `${told.join('; ')} (off: ${off.toFixed(2)} ms CPU an order)`,
    figures: { rounds: figures },
  }
}

const SCENES = [
  ['telemetry, intake: gateway alone', ['gateway']],
  ['telemetry, POST to enrolled: all in one process', undefined],
] as const

/** What traces cost: the same work without a collector, with 10 % and with all traces sent to one, in turns. */
export const telemetryRows = (rounds: number, orders: number): Promise<Row[]> =>
  withFolder(async (folder) => {
    const lms = await startChild('lms', { throttle: false, autoCreate: true })
    const sink = await startChild('otlp-sink', {})
    const rows: Row[] = []
    try {
      for (const [name, services] of SCENES) {
        const meshes = await startMeshes(folder, lms, sink, services)
        try {
          rows.push(rowOf(name, await measure(meshes, rounds, orders)))
        } finally {
          for (const { mesh } of meshes) await mesh.stop()
        }
      }
    } finally {
      await sink.stop()
      await lms.stop()
    }
    return rows
  })

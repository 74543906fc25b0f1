import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { startOtlpCollector, startSandboxLms } from '@commerce-mesh/testing'
import type { CollectedSpan, OtlpCollector } from '@commerce-mesh/testing'
import { type CliProcess, type Ended, runCli, startCli, workingDirectory } from './cli-process.ts'

const root = path.resolve(import.meta.dirname, '../../../..')
const instrument = pathToFileURL(path.join(root, 'packages/mesh/src/telemetry/instrument.ts')).href
const example = readFileSync(path.join(root, 'examples/order.json'), 'utf8')

/** What an operator does to see more than the mesh's own spans. */
export type InstrumentedMesh = {
  readonly collector: OtlpCollector
  /** Writes mesh.yaml. `more`: further lines of it. */
  configure(instrumentations: readonly string[], more?: string): void
  /** Starts `mesh up`, with Node's --import or without. */
  start(how: { preload: boolean }): CliProcess
  /** Places an order and waits until the learner is enrolled; answers the CLI's end. */
  placeOrder(): Promise<Ended>
  stop(): Promise<Ended | undefined>
  close(): Promise<void>
}

/** Makes a working directory with a collector and an LMS for a mesh that runs as a process of its own. */
export const prepareInstrumentedMesh = async (): Promise<InstrumentedMesh> => {
  const cwd = workingDirectory()
  const collector = await startOtlpCollector()
  const lms = await startSandboxLms({ throttle: false })
  const env = { LMS_SECRET: 'mesh-secret' }
  let up: CliProcess | undefined
  return {
    collector,
    configure: (instrumentations, more = '') =>
      writeFileSync(
        path.join(cwd, 'mesh.yaml'),
        `telemetry: { endpoint: '${collector.url}', instrumentations: [${instrumentations.join(', ')}] }
services:
  gateway: { port: 0 }
  fulfillment: { lms: { url: 'http://localhost:${lms.port}', clientId: mesh, clientSecret: '\${LMS_SECRET}' } }
${more}`,
      ),
    start: ({ preload }) => {
      up = startCli(['up'], cwd, {
        env: { ...env, ...(preload && { NODE_OPTIONS: `--import=${instrument}` }) },
      })
      return up
    },
    placeOrder: () => runCli(['order', 'place', '-', '--wait'], cwd, { input: example, env }),
    stop: async () => {
      up?.kill('SIGTERM')
      return up?.ended
    },
    close: async () => {
      up?.kill('SIGKILL')
      await up?.ended
      await lms.close()
      await collector.close()
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}

/** The spans that instrumentations added to the mesh's own, each with its parent. */
export const addedSpans = (spans: readonly CollectedSpan[]) =>
  spans
    .filter(({ scope }) => scope !== 'commerce-mesh')
    .map((span) => ({ span, parent: spans.find(({ spanId }) => spanId === span.parentId) }))

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import {
  type CollectedSpan,
  type OtlpCollector,
  describeEngine,
  drawTree,
  eventually,
  startOtlpCollector,
  startSandboxLms,
  treeOf,
} from '@commerce-mesh/testing'
import type { OrderStatus, TimelineEntry } from '@commerce-mesh/gateway'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { freePort } from '../crash/free-port.ts'
import { API_KEY, orderBody } from '../load/orders.ts'
import { type EngineCluster, startEngines } from './cluster/engines.ts'
import { cli } from './cluster/replica.ts'
import { SECRETS, allInOneYaml } from './cluster/settings.ts'
import { type World, createWorld } from './cluster/world.ts'
import { type Started, startProcess } from './process/processes.ts'

// One order through gateway, payments and fulfillment as three processes on Kafka, seen as one trace; and the same order
// through all of them in one process, seen as the same timeline.

const SERVICES = ['gateway', 'payments', 'fulfillment'] as const
const TRACE = '0af7651916cd43dd8448eb211c80319c'
/** The storefront's own span, which nobody collects. */
const OUTSIDE = 'b7ad6b7169203331'

const withoutStores = ({ attributes }: CollectedSpan) => attributes['db.system.name'] === undefined

const send = async (url: string): Promise<void> => {
  const { status } = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      traceparent: `00-${TRACE}-${OUTSIDE}-01`,
    },
    body: orderBody('TRACE', 1),
  })
  expect(status).toBe(202)
}

/** What `mesh trace TRACE-1` prints. */
const trace = async (url: string, ...flags: string[]): Promise<string> => {
  const args = [cli, 'trace', 'TRACE-1', '--url', url, '--key', API_KEY, ...flags]
  return (await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } }))
    .stdout
}

const fulfilled = (url: string): Promise<OrderStatus> =>
  eventually(
    async () => {
      const status = JSON.parse(await trace(url, '--json')) as OrderStatus
      const hops = status.timeline.filter(({ kind }) => kind === 'hop')
      // The journal may tell of the last hop a moment after the event that it caused.
      return status.status === 'fulfilled' && hops.length >= 2 ? status : undefined
    },
    { what: 'the order is fulfilled and its journal whole', timeoutMs: 60_000, everyMs: 200 },
  )

/** Without clocks: what happened, who did it, what came of it. Event ids are computed from their causes, so they count. */
const essence = ({ timeline, ...status }: OrderStatus) => ({
  ...status,
  timeline: timeline
    .map((entry: TimelineEntry) => {
      const { at: _, ...rest } = entry
      return 'durationMs' in rest ? { ...rest, durationMs: 0 } : rest
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
})

/** The printed timeline without times, durations and the indentation that follows from them. */
const printed = (text: string) =>
  text
    .replaceAll(/\d+(\.\d+)?\s?(ms|s|min)\b/g, '#')
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z/g, '#')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .toSorted()

describeEngine('kafka', 'an order through three processes on Kafka', () => {
  let folder: string
  let collector: OtlpCollector
  let engines: EngineCluster
  let world: World

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-trace-'))
    collector = await startOtlpCollector()
    engines = await startEngines(folder)
    world = await createWorld({
      engines,
      folder,
      name: 'trace',
      services: SERVICES,
      telemetry: collector.url,
    })
  }, 300_000)

  afterAll(async () => {
    await world?.close()
    await engines?.stop()
    await collector?.close()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  const gatewayUrl = () => world.replica('gateway').url

  /** The same mesh in one process, with a sandbox LMS that has not seen the order. */
  const allInOne = async (): Promise<{ url: string; process: Started; close(): Promise<void> }> => {
    const other = await startSandboxLms({ throttle: false, autoCreate: true })
    const config = `${folder}/all-in-one.yaml`
    writeFileSync(config, allInOneYaml(other.url))
    const port = await freePort()
    const args = ['up', '--config', config, '--data', `${folder}/all-in-one`, '--port', String(port)]
    const started = startProcess(cli, args, { log: `${folder}/all-in-one.log`, env: SECRETS })
    const url = `http://127.0.0.1:${port}`
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, { what: 'ready', timeoutMs: 60_000 })
    return {
      url,
      process: started,
      close: async () => {
        await started.kill()
        await other.close()
      },
    }
  }

  it('shows the same timeline as all in one process', async () => {
    await send(gatewayUrl())
    const apart = await fulfilled(gatewayUrl())
    const together = await allInOne()
    try {
      await send(together.url)
      expect(essence(await fulfilled(together.url))).toEqual(essence(apart))
      expect(printed(await trace(together.url))).toEqual(printed(await trace(gatewayUrl())))
    } finally {
      await together.close()
    }
  }, 180_000)

  it('is one tree of spans with the edges of Kafka in it, and no parent is missing', async () => {
    // A stop flushes what was not sent yet.
    const codes = await Promise.all(world.replicas.map((replica) => replica.stop()))
    expect(codes).toEqual([0, 0, 0])
    expect(collector.faults()).toEqual([])
    const spans = collector.spans()
    const tree = treeOf(spans, TRACE, OUTSIDE)
    expect(drawTree(tree, withoutStores)).toEqual([
      'gateway server POST /v1/orders',
      '  gateway producer send order.submitted.v1',
      '    payments consumer process order.submitted.v1',
      '      payments producer send payment.captured.v1',
      '      payments producer send order.placed.v1',
      '        fulfillment consumer process order.placed.v1',
      '          fulfillment client POST /oauth2/access_token',
      '          fulfillment client GET /api/enrollment/v1/enrollment/{username},{course_id}',
      '          fulfillment client POST /api/enrollment/v1/enrollment',
      '          fulfillment producer send order.fulfilled.v1',
    ])
    const ofTrace = spans.filter(({ traceId }) => traceId === TRACE)
    const messages = ofTrace.filter(({ kind }) => kind === 'producer' || kind === 'consumer')
    expect(messages).toHaveLength(6)
    for (const { attributes } of messages) expect(attributes).toMatchObject({ 'messaging.system': 'kafka' })
    const processes = new Set(ofTrace.map(({ resource }) => resource['process.pid']))
    expect(processes).toEqual(new Set(world.replicas.map((replica) => replica.pid())))
    const stores = new Set(ofTrace.map(({ attributes }) => attributes['db.system.name'] ?? 'mongodb'))
    expect(stores).toEqual(new Set(['mongodb']))
  }, 60_000)
})

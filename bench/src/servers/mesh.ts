import { eventually } from '@commerce-mesh/testing'
import { createHash } from 'node:crypto'
import { fulfillment } from '@commerce-mesh/fulfillment'
import { gateway } from '@commerce-mesh/gateway'
import { type MeshConfig, defaultConfig, startMesh } from '@commerce-mesh/mesh'
import { payments } from '@commerce-mesh/payments'
import { API_KEY } from '../load/orders.ts'
import { serve } from './serve.ts'

/** What the measuring process asks for. */
export type MeshSettings = {
  readonly data: string
  readonly lmsUrl: string
  /** Default: all. */
  readonly services?: readonly string[]
  readonly concurrency?: number
  readonly port?: number
  readonly jwtSecret?: string
  readonly stripeSecret?: string
  /** Over the defaults. */
  readonly telemetry?: Readonly<Record<string, unknown>>
  /** Over the defaults. */
  readonly bus?: Readonly<Record<string, unknown>>
  readonly store?: Readonly<Record<string, unknown>>
  /** False: handlers leave no hop in the journal. Only here can it be turned off. */
  readonly journaled?: boolean
}

const settings = JSON.parse(process.argv[2] ?? '{}') as MeshSettings
const callers = [
  {
    name: 'bench',
    keyHash: createHash('sha256').update(API_KEY).digest('hex'),
    scopes: ['orders:write', 'orders:read', 'operate'],
  },
]
const unlimited = { perSecond: 1_000_000, burst: 1_000_000 }
const config = {
  ...defaultConfig(),
  data: settings.data,
  log: { level: 'warn' as const },
  telemetry: { ...defaultConfig().telemetry, ...settings.telemetry },
  bus: { ...defaultConfig().bus, ...settings.bus } as MeshConfig['bus'],
  store: { ...defaultConfig().store, ...settings.store } as MeshConfig['store'],
  services: {
    gateway: {
      port: settings.port ?? 0,
      callers,
      rateLimit: unlimited,
      jwt: { ...(settings.jwtSecret !== undefined && { secret: settings.jwtSecret }) },
      stripe: { secrets: settings.stripeSecret === undefined ? [] : [settings.stripeSecret] },
    },
    fulfillment: {
      concurrency: settings.concurrency ?? 16,
      lms: { url: settings.lmsUrl, clientId: 'mesh', clientSecret: 'mesh-secret', apiKey: 'mesh-api-key' },
    },
  },
}
const all = [payments, fulfillment, gateway]
const chosen = all
  .filter(({ name }) => settings.services?.includes(name) ?? true)
  .map((service) => (settings.journaled === false ? { ...service, journaled: false } : service))
const mesh = await startMesh({ config, services: chosen as never })

/** Nothing is on its way any more: every consumer has reached the end of its topics, nothing waits and every outbox is empty. */
const atRest = async (): Promise<boolean> => {
  for (const { name, consumes } of chosen) {
    const lags = await mesh.bus.lag(
      name,
      consumes.map(({ type }) => type),
    )
    if (lags.some(({ committed, end }) => committed < end)) return false
    if ((await mesh.store.count(name, { index: 'outboxSince' })) > 0) return false
    if ((await mesh.store.count(name, { index: 'dueAt' })) > 0) return false
  }
  return true
}

const answer = async (question: string): Promise<unknown> => {
  if (question === 'audit') return mesh.operations.audit()
  if (question === 'settled') return eventually(atRest, { what: 'the mesh is at rest', timeoutMs: 600_000 })
  return undefined
}

serve({ url: mesh.url }, answer, mesh.stop)

import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig, startMesh } from '@commerce-mesh/mesh'
import type { MeshConfig, RunningMesh } from '@commerce-mesh/mesh'
import { eventually, startSandboxLms } from '@commerce-mesh/testing'
import type { SandboxLms } from '@commerce-mesh/testing'
import { RUNNABLE } from '../services.ts'

/** What stands in every order of these tests and must be in no span. */
export const PERSONAL = ['learner-4711', 'marker@example.org']

const KEY = `mesh_${'trace'.repeat(8)}`

/** An all-in-one mesh with a sandbox LMS, for tests that look at its traces. */
export type TracedMesh = {
  readonly mesh: RunningMesh
  readonly lms: SandboxLms
  /** Sends a paid order; answers its trace id. */
  order(orderNumber: string, how?: { username?: string; traceparent?: string }): Promise<string>
  /** Calls the gateway as an operator. */
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response>
  /** Resolves when nothing is under way, waits or is unpublished. */
  settled(): Promise<void>
  /** Stops the mesh, which flushes its spans. */
  stop(): Promise<void>
  close(): Promise<void>
}

const orderBody = (orderNumber: string, username: string) => ({
  orderNumber,
  placedAt: '2026-11-21T12:00:00Z',
  learner: { username, email: PERSONAL[1] },
  currency: 'USD',
  total: 14900,
  lines: [
    {
      lineId: '1',
      kind: 'seat',
      courseId: 'course-v1:edX+DemoX+Demo_Course',
      mode: 'verified',
      price: 14900,
    },
  ],
  payment: { status: 'captured', provider: 'invoice', reference: `INV-${orderNumber}` },
})

/** Starts it in a directory of its own. */
export const startTracedMesh = async (
  telemetry: Partial<MeshConfig['telemetry']>,
  more: Partial<MeshConfig> = {},
): Promise<TracedMesh> => {
  const data = await mkdtemp(join(tmpdir(), 'mesh-traced-'))
  const lms = await startSandboxLms({ throttle: false, autoCreate: true })
  const keyHash = createHash('sha256').update(KEY).digest('hex')
  const config: MeshConfig = {
    ...defaultConfig(),
    data,
    log: { level: 'silent' },
    retry: { initialMs: 50, factor: 1, maxMs: 50, jitter: 0, windowHours: 72 },
    telemetry: { ...defaultConfig().telemetry, ...telemetry },
    services: {
      gateway: {
        port: 0,
        callers: [{ name: 'shop', keyHash, scopes: ['orders:write', 'orders:read', 'operate'] }],
      },
      fulfillment: {
        lms: { url: lms.url, clientId: 'mesh', clientSecret: 'mesh-secret', rateLimit: false },
      },
    },
    ...more,
  }
  const mesh = await startMesh({ config, services: RUNNABLE })

  const call = (method: string, path: string, body?: unknown, headers = {}) =>
    fetch(`${mesh.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  const atRest = async () => {
    const { services } = await mesh.operations.audit()
    return services.every(({ inFlight, waiting, unpublished }) => inFlight + waiting + unpublished === 0)
  }

  return {
    mesh,
    lms,
    call,
    order: async (orderNumber, { username = 'learner-4711', ...headers } = {}) => {
      const response = await call('POST', '/v1/orders', orderBody(orderNumber, username), headers)
      if (response.status !== 202) throw new Error(`The order was answered ${response.status}.`)
      return response.headers.get('x-trace-id') ?? ''
    },
    settled: async () => {
      // What one service has just published gave the next one work: looked at twice.
      const twice = async () => (await atRest()) && (await atRest())
      await eventually(twice, { what: 'a mesh at rest', timeoutMs: 20_000 })
    },
    stop: () => mesh.stop(),
    close: async () => {
      await mesh.stop()
      await lms.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}

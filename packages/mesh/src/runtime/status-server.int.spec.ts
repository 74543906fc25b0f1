import { afterEach, describe, expect, it } from '@jest/globals'
import { createMetrics } from '../telemetry/metrics.ts'
import { createHealth } from './health.ts'
import { type StatusServer, startStatusServer } from './status-server.ts'

const open: StatusServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

const setUp = async (port = 0) => {
  const [health, metrics] = [createHealth(), createMetrics()]
  const server = await startStatusServer({ host: '127.0.0.1', port }, { health, metrics })
  open.push(server)
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(server.url + path, { method })
    return { status: response.status, text: await response.text() }
  }
  return { health, metrics, server, ask }
}

describe('status server', () => {
  it('is alive whatever the engines do, and ready when every check is well', async () => {
    const { health, ask } = await setUp()
    let problem: string | undefined = 'no broker answers'
    health.check('kafka', () => problem)
    expect(await ask('/healthz')).toEqual({ status: 200, text: '{"alive":true}' })
    const unready = await ask('/readyz?verbose')
    expect(unready.status).toBe(503)
    expect(JSON.parse(unready.text)).toEqual({ ready: false, problems: { kafka: 'no broker answers' } })
    problem = undefined
    expect(await ask('/readyz')).toEqual({ status: 200, text: '{"ready":true,"problems":{}}' })
  })

  it('shows the metrics, also while an engine that some are read from is down', async () => {
    const { metrics, ask } = await setUp()
    metrics.gauge('mesh_in_flight', { service: 'packing' }, 3)
    expect((await ask('/metrics')).text).toContain('mesh_in_flight{service="packing"} 3')
    metrics.collect(() => Promise.reject(new Error('down')))
    expect(await ask('/metrics')).toMatchObject({
      status: 200,
      text: expect.stringContaining('mesh_in_flight{service="packing"} 3'),
    })
  })

  it('knows nothing else and takes nothing', async () => {
    const { ask } = await setUp()
    expect((await ask('/v1/orders')).status).toBe(404)
    expect((await ask('/healthz', 'POST')).status).toBe(405)
  })

  it('says which port is taken', async () => {
    const { server } = await setUp()
    const port = Number(new URL(server.url).port)
    await expect(setUp(port)).rejects.toMatchObject({
      code: 'MESH_PORT_TAKEN',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
  })
})

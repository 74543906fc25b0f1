import { once } from 'node:events'
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { defaultConfig } from '../config/config.ts'
import type { TelemetrySettings } from '../config/schema.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import { createMetrics } from './metrics.ts'
import { noteLoaded } from './instrumentations/loaded.ts'
import { type Telemetry, openTelemetry } from './open-telemetry.ts'
import { silentTracer } from './span.ts'

const servers: Server[] = []
let opened: Telemetry | undefined

afterEach(async () => {
  await opened?.close(100)
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A collector that answers as the test wants. */
const collect = async (listener: RequestListener) => {
  const server = createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const open = async (settings: Partial<TelemetrySettings>) => {
  const lines: Record<string, unknown>[] = []
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) })
  const metrics = createMetrics()
  opened = await openTelemetry(
    { ...defaultConfig().telemetry, ...settings },
    { log, metrics, services: ['packing'] },
  )
  const dropped = async () =>
    (await metrics.text()).split('\n').filter((line) => line.startsWith('mesh_spans_dropped_total{'))
  return { telemetry: opened, lines, dropped }
}

const endSpans = (telemetry: Telemetry, count: number) => {
  const tracer = telemetry.tracer('packing')
  for (let nth = 0; nth < count; nth++) tracer.start('server', `s${nth}`, {}).end()
}

const bodyOf = async (request: IncomingMessage) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

describe('telemetry without an endpoint', () => {
  it('makes no spans, and closes at once', async () => {
    const { telemetry, lines } = await open({})
    expect(telemetry.tracer('packing')).toBe(silentTracer)
    await telemetry.close(0)
    expect(lines).toEqual([])
  })
})

describe('telemetry with a collector', () => {
  it('sends spans and metrics as OTLP in JSON, with the headers that it asks for, at the latest when it closes', async () => {
    const requests: { path: string | undefined; type: string | undefined; key: unknown; body: string }[] = []
    const endpoint = await collect((request, response) => {
      const { url: path, headers } = request
      void bodyOf(request).then((body) => {
        requests.push({ path, type: headers['content-type'], key: headers['x-key'], body })
        response.end('{}')
      })
    })
    const { telemetry, lines } = await open({ endpoint, headers: { 'x-key': 'secret' } })
    endSpans(telemetry, 2)
    await telemetry.close(2_000)
    const sent = { type: 'application/json', key: 'secret' }
    expect(requests.toSorted((a, b) => String(b.path).localeCompare(String(a.path)))).toMatchObject([
      { ...sent, path: '/v1/traces', body: expect.stringContaining('"name":"s1"') },
      { ...sent, path: '/v1/metrics', body: expect.stringContaining('process_cpu_seconds_total') },
    ])
    expect(lines).toEqual([])
  })

  it('sends no metrics where they are not wanted', async () => {
    const paths: (string | undefined)[] = []
    const endpoint = await collect((request, response) => {
      paths.push(request.url)
      response.end('{}')
    })
    const { telemetry } = await open({ endpoint, metrics: false })
    endSpans(telemetry, 1)
    await telemetry.close(2_000)
    expect(paths).toEqual(['/v1/traces'])
  })

  it('gives up on one that never answers when the time to close is over', async () => {
    const endpoint = await collect(() => {})
    const { telemetry } = await open({ endpoint })
    endSpans(telemetry, 1_000)
    const started = performance.now()
    await telemetry.close(300)
    expect(performance.now() - started).toBeLessThan(1_500)
  })

  it('drops, counts and tells once what one refuses, without its words', async () => {
    const endpoint = await collect((_request, response) => response.writeHead(401).end('marker@example.org'))
    const { telemetry, lines, dropped } = await open({ endpoint, metrics: false })
    endSpans(telemetry, 1_024)
    await eventually('dropped spans', async () =>
      (await dropped()).includes('mesh_spans_dropped_total{reason="not_sent"} 1024'),
    )
    expect(lines).toMatchObject([{ level: 40, endpoint, cause: 'HTTP 401' }])
    expect(JSON.stringify(lines)).not.toContain('marker')
  })

  it('holds a bounded number of spans while it is away', async () => {
    const endpoint = await collect(() => {})
    const { telemetry, dropped } = await open({ endpoint, metrics: false })
    endSpans(telemetry, 10_000)
    expect(await dropped()).toEqual(['mesh_spans_dropped_total{reason="queue_full"} 1808'])
  })
})

describe('instrumentations that are asked for', () => {
  afterEach(() => {
    noteLoaded([])
  })

  it.each([
    ['without an endpoint', { instrumentations: ['dns'] }, undefined, /without telemetry.endpoint/],
    [
      'without --import',
      { endpoint: 'http://127.0.0.1:9', instrumentations: ['dns'] },
      undefined,
      /--import/,
    ],
    [
      'with a preload that read something else',
      { endpoint: 'http://127.0.0.1:9', instrumentations: ['dns', 'net'] },
      ['dns'],
      /not loaded/,
    ],
  ])('are missed aloud %s', async (_, settings, loaded, message) => {
    noteLoaded(loaded as never)
    const { lines } = await open(settings)
    expect(lines).toMatchObject([{ level: 40, msg: expect.stringMatching(message) }])
  })

  it('are not missed where they are in place', async () => {
    noteLoaded(['dns'])
    const { lines } = await open({ endpoint: 'http://127.0.0.1:9', instrumentations: ['dns'] })
    expect(lines).toEqual([])
  })

  it('are refused where they would double the mesh’s own spans', async () => {
    await expect(open({ instrumentations: ['http'] })).rejects.toMatchObject({ code: 'MESH_CONFIG_INVALID' })
  })
})

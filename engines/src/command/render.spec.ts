import { describe, expect, it } from '@jest/globals'
import { engineOf } from '../engine/engines.ts'
import type { EngineName } from '../engine/engine.ts'
import type { EngineRecord } from '../state/state.ts'
import { spanInWords, statusLines, upLines } from './render.ts'

const recordOf = (name: EngineName, ports: number[]): EngineRecord => ({
  by: 'recipe',
  since: '2026-01-01T00:00:00.000Z',
  data: '/nonexistent',
  logs: ['/nonexistent/broker.log'],
  processes: ports
    .slice(0, -1)
    .map((port, index) => ({ name: `broker ${index + 1}`, pid: 7, started: 'x', port })),
  addresses: { ...engineOf(name).addresses(ports) },
  ports,
})

const shown = (name: EngineName, ports: number[]) =>
  upLines({ name, record: recordOf(name, ports), ran: false, readyMs: 2_345 }).join('\n')

describe('what `up` prints', () => {
  it('has the lines for a shell and for mesh.yaml', () => {
    expect(shown('kafka', [9_092, 9_093])).toBe(`kafka: Apache Kafka 4.4.0, ready after 2.3 s: 127.0.0.1:9092
  export MESH_KAFKA='127.0.0.1:9092'
  export MESH_TEST_KAFKA='127.0.0.1:9092'
  mesh.yaml:
    bus:
      driver: kafka
      kafka:
        bootstrapServers: 127.0.0.1:9092
        replicationFactor: 1
        minInsyncReplicas: 1`)
  })

  it('asks for copies where there are three brokers', () => {
    expect(shown('kafka', [1, 2, 3, 9])).toMatch(
      /127\.0\.0\.1:3\n.*replicationFactor: 3\n.*minInsyncReplicas: 2$/s,
    )
  })

  it('calls the server by its right name', () => {
    expect(shown('mongo', [27_017])).toContain('mongo: MongoDB protocol (SecantusDB)')
    expect(shown('mongo', [27_017])).toContain('url: mongodb://127.0.0.1:27017/?directConnection=true')
  })

  it('gives Jaeger’s both addresses', () => {
    const text = shown('jaeger', [16_686, 4_318, 16_685])
    expect(text).toContain("export MESH_TEST_JAEGER='http://127.0.0.1:16686'")
    expect(text).toContain("export MESH_TEST_OTLP='http://127.0.0.1:4318'")
  })
})

describe('what `status` prints', () => {
  const now = new Date('2026-01-01T00:05:00.000Z')

  it('says where, since when, as which process, and where the data is', () => {
    const text = statusLines('kafka', recordOf('kafka', [9_092, 9_093]), 'running', now).join('\n')
    for (const part of [
      'by recipe, runs',
      '127.0.0.1:9092',
      '(5 min)',
      'pid 7',
      '/nonexistent, 0 kB',
      'broker.log',
    ])
      expect(text).toContain(part)
  })

  it('says so when it has ended by itself', () => {
    const [first] = statusLines('kafka', recordOf('kafka', [9_092, 9_093]), 'ended', now)
    expect(first).toContain('has ended by itself; `up` starts it again')
  })

  it.each([
    [12_345, '12 s'],
    [3 * 60_000, '3 min'],
    [5 * 3_600_000, '5 h'],
    [72 * 3_600_000, '3 days'],
  ])('puts %d ms as %s', (ms, words) => {
    expect(spanInWords(ms)).toBe(words)
  })
})

import { describe, expect, it } from '@jest/globals'
import { createCollector } from './collector.ts'

const setUp = (endpoint: string) => {
  const lines: { fields: unknown; message: string }[] = []
  const clock = { now: 0 }
  const warn = (fields: unknown, message: string) => void lines.push({ fields, message })
  const collector = createCollector(
    endpoint,
    { authorization: 'Bearer marker' },
    { warn } as never,
    () => clock.now,
  )
  return { collector, lines, clock }
}

describe('the collector', () => {
  it.each([
    ['http://127.0.0.1:4318', 'http://127.0.0.1:4318/v1/traces'],
    ['http://127.0.0.1:4318/', 'http://127.0.0.1:4318/v1/traces'],
    ['https://otel.example.org/tenant-7/', 'https://otel.example.org/tenant-7/v1/traces'],
  ])('is reached below its address: %s', (endpoint, url) => {
    const { collector } = setUp(endpoint)
    expect(collector.exporter('traces')).toMatchObject({ url, headers: { authorization: 'Bearer marker' } })
  })

  it('is complained about once a minute, without its credentials', () => {
    const { collector, lines, clock } = setUp('http://user:marker@127.0.0.1:4318/x')
    const refused = Object.assign(new Error('marker'), { code: 'ECONNREFUSED' })
    collector.failed('spans', 512, refused)
    collector.failed('spans', 512, refused)
    clock.now = 59_000
    collector.failed('metrics', 40, refused)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.fields).toEqual({
      endpoint: 'http://127.0.0.1:4318/x',
      cause: 'ECONNREFUSED',
      count: 512,
    })
    clock.now = 61_000
    collector.failed('metrics', 40, Object.assign(new Error('marker'), { code: 401 }))
    expect(lines[1]).toMatchObject({ fields: { cause: 'HTTP 401' } })
    expect(lines[1]?.message).toMatch(/^metrics /)
    expect(JSON.stringify(lines)).not.toContain('marker')
  })

  it.each([
    [new Error('Request timed out'), 'timeout'],
    [new Error('Timeout'), 'timeout'],
    [new TypeError('marker'), 'TypeError'],
    [undefined, 'unknown'],
  ])('knows what went wrong: %s', (error, cause) => {
    const { collector, lines } = setUp('http://127.0.0.1:4318')
    collector.failed('spans', 1, error)
    expect(lines[0]?.fields).toMatchObject({ cause })
  })
})

import { describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import { createFaultLog } from './fault-log.ts'

const setUp = () => {
  const state = { time: 0 }
  const lines: Record<string, unknown>[] = []
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>) =>
    void lines.push({ level, ...fields })
  const log = createFaultLog(
    { info: note('info'), warn: note('warn'), error: note('error') },
    () => state.time,
  )
  return { state, lines, log }
}

const DOWN = new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full')

describe('createFaultLog', () => {
  it('writes one line per second of each kind, and how many it left out', () => {
    const { state, lines, log } = setUp()
    for (let index = 0; index < 1_000; index += 1) log('/v1/orders', DOWN, 't1')
    log('/titan/fulfill/', DOWN, 't2')
    state.time = 1_000
    log('/v1/orders', DOWN, 't3')
    expect(lines).toEqual([
      {
        level: 'warn',
        code: 'MESH_BUS_UNAVAILABLE',
        status: 503,
        route: '/v1/orders',
        trace_id: 't1',
        alike: 0,
      },
      {
        level: 'warn',
        code: 'MESH_BUS_UNAVAILABLE',
        status: 503,
        route: '/titan/fulfill/',
        trace_id: 't2',
        alike: 0,
      },
      {
        level: 'warn',
        code: 'MESH_BUS_UNAVAILABLE',
        status: 503,
        route: '/v1/orders',
        trace_id: 't3',
        alike: 999,
      },
    ])
  })

  it('says why the keys of the LMS could not be read', () => {
    const { lines, log } = setUp()
    log(
      '/v1/orders',
      new MeshError('MESH_IDENTITY_UNAVAILABLE', 'https://lms.example.org answered 404'),
      't1',
    )
    expect(lines).toMatchObject([{ level: 'warn', reason: 'https://lms.example.org answered 404' }])
  })

  it('shows where the unforeseen happened, without its message', () => {
    const { lines, log } = setUp()
    log('/v1/orders', new TypeError('alice@example.com is not iterable'), 't1')
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'MESH_INTERNAL',
        error: 'TypeError',
        frames: expect.arrayContaining([expect.stringContaining('fault-log.spec')]),
      }),
    ])
    expect(JSON.stringify(lines)).not.toContain('alice')
  })
})

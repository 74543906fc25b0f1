import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { describeEngine } from './describe-engine.ts'

describe('describeEngine', () => {
  const globals = globalThis as unknown as Record<string, unknown>
  const real = { describe: globals['describe'], it: globals['it'] }
  const address = process.env['MESH_TEST_KAFKA']
  const skipped: string[] = []

  beforeEach(() => {
    skipped.length = 0
    globals['describe'] = (_title: string, body: () => void) => body()
    globals['it'] = { skip: (name: string) => skipped.push(name) }
    delete process.env['MESH_TEST_KAFKA']
  })
  afterEach(() => {
    Object.assign(globals, real)
    if (address === undefined) delete process.env['MESH_TEST_KAFKA']
    else process.env['MESH_TEST_KAFKA'] = address
  })

  it('hands on the address of an engine that runs', () => {
    process.env['MESH_TEST_KAFKA'] = '127.0.0.1:9092'
    const body = jest.fn<(address: string) => void>()
    describeEngine('kafka', 'bus', body)
    expect(body.mock.calls).toEqual([['127.0.0.1:9092']])
    expect(skipped).toEqual([])
  })

  it.each(['', undefined])('skips loudly, with the command that brings the engine, for %j', (none) => {
    if (none !== undefined) process.env['MESH_TEST_KAFKA'] = none
    const body = jest.fn<(address: string) => void>()
    describeEngine('kafka', 'bus', body)
    expect(body).not.toHaveBeenCalled()
    expect(skipped).toEqual(['SKIPPED: no kafka here; `npm run test:engines` brings one (MESH_TEST_KAFKA)'])
  })

  it('names another command for Jaeger', () => {
    delete process.env['MESH_TEST_JAEGER']
    describeEngine('jaeger', 'traces', () => {})
    expect(skipped).toEqual(['SKIPPED: no jaeger here; `npm run test:jaeger` brings one (MESH_TEST_JAEGER)'])
  })
})

import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readState, withEngine, withoutEngine, writeState } from './state.ts'
import type { EngineRecord } from './state.ts'

const record: EngineRecord = {
  by: 'recipe',
  since: '2026-01-01T00:00:00.000Z',
  data: '/data/kafka',
  logs: ['/data/kafka/broker.log'],
  processes: [{ name: 'broker 1', pid: 7, started: 'boot:1', port: 9_092 }],
  addresses: { bootstrapServers: '127.0.0.1:9092' },
  ports: [9_092, 9_093],
}
const newHome = () => mkdtempSync(path.join(tmpdir(), 'mesh-state-'))

describe('the state file', () => {
  it('knows of nothing before the first start', () => {
    expect(readState(path.join(newHome(), 'none'))).toEqual({ version: 1, running: {}, ports: {} })
  })

  it('is read as it was written, and leaves no draft behind', () => {
    const home = newHome()
    const state = withEngine(readState(home), 'kafka', record)
    writeState(home, state)
    expect(readState(home)).toEqual(state)
    expect(readdirSync(home)).toEqual(['state.json'])
  })

  it('keeps the ports of an engine that was stopped', () => {
    const stopped = withoutEngine(withEngine(readState(newHome()), 'kafka', record), 'kafka')
    expect(stopped).toEqual({ version: 1, running: {}, ports: { kafka: [9_092, 9_093] } })
  })

  it.each(['{', '{"version":2}', '[]'])('refuses %s rather than forget what runs', (text) => {
    const home = newHome()
    writeFileSync(path.join(home, 'state.json'), text)
    expect(() => readState(home)).toThrow('is damaged or of another release')
  })
})

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseCommandLine } from '../command/parse.ts'
import { COMMANDS } from '../commands/table.ts'
import { PLAIN } from '../terminal/paint.ts'
import { planRun } from './plan.ts'

const FILE = `
bus: { driver: kafka, kafka: { bootstrapServers: "broker-1:9092" } }
store: { driver: mongodb, mongodb: { url: "mongodb://db:27017" } }
services:
  gateway: { stripe: { secrets: ["\${STRIPE_SECRET}"] } }
  fulfillment: { lms: { url: "https://lms.example.org", clientId: mesh, clientSecret: "\${LMS_SECRET}" } }
`

const plan = (line: string, env: Record<string, string> = {}, file = FILE) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-run-'))
  writeFileSync(path.join(directory, 'mesh.yaml'), file)
  return planRun(parseCommandLine(['run', ...line.split(' ')], COMMANDS).input, {
    out: () => {},
    write: async () => {},
    note: () => {},
    paint: PLAIN,
    notePaint: PLAIN,
    isInteractive: false,
    env,
    directory,
    root: '/',
    program: 'mesh',
    stdin: async () => '',
    input: async function* () {},
    now: () => new Date(),
  })
}

describe('planRun', () => {
  it('reads the section of one service and asks for no secret of another', () => {
    const { service, config } = plan('fulfillment', { LMS_SECRET: 's' })
    expect(service.name).toBe('fulfillment')
    expect(Object.keys(config.services)).toEqual(['fulfillment'])
    expect(() => plan('fulfillment')).toThrow(/LMS_SECRET/)
    expect(plan('payments').config.store.mongodb?.database).toBe('commerce_mesh')
  })

  it('given no file at all, says so besides what is missing', () => {
    const terminal = { env: {}, directory: mkdtempSync(path.join(tmpdir(), 'mesh-run-')) }
    const { input } = parseCommandLine(['run', 'fulfillment'], COMMANDS)
    expect(() => planRun(input, terminal as never)).toThrow(/no --config was given/)
  })

  it('gives the port to whoever listens', () => {
    expect(plan('payments --port 0').config.status.port).toBe(0)
    const gateway = plan('gateway --port 9000', { STRIPE_SECRET: 'whsec_0123456789' }).config
    expect(gateway.services['gateway']).toMatchObject({ port: 9_000 })
    expect(gateway.status.port).toBe(8_090)
  })

  it('names the nearest service, or all of them', () => {
    expect(() => plan('fulfilment')).toThrow(
      expect.objectContaining({ hint: 'Did you mean: mesh run fulfillment' }),
    )
    expect(() => plan('shipping')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('payments') }),
    )
  })

  it('refuses to run a service alone where nobody could hear it', () => {
    expect(() => plan('payments', {}, 'data: x\n')).toThrow(/bus\.driver is 'embedded'/)
  })

  it('asks the LMS without an API key where docker compose hands on an empty one', () => {
    const file = readFileSync(
      path.resolve(import.meta.dirname, '../../../../deploy/compose/mesh.yaml'),
      'utf8',
    )
    const lms = {
      LMS_URL: 'https://lms.example.org',
      LMS_CLIENT_ID: 'real',
      LMS_CLIENT_SECRET: 'real-secret',
    }
    const lmsOf = (key: string) =>
      plan('fulfillment', { ...lms, LMS_API_KEY: key }, file).config.services['fulfillment']
    expect(lmsOf('')).toEqual({
      lms: { url: 'https://lms.example.org', clientId: 'real', clientSecret: 'real-secret' },
    })
    expect(lmsOf('key')).toMatchObject({ lms: { apiKey: 'key' } })
  })
})

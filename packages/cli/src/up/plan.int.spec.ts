import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { COMMANDS } from '../commands/table.ts'
import { parseCommandLine } from '../command/parse.ts'
import { keyHashOf } from '../data/secrets.ts'
import { PLAIN } from '../terminal/paint.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { planUp, sectionOf } from './plan.ts'

const REAL =
  'services: { fulfillment: { lms: { url: "https://lms.example.org", clientId: real, clientSecret: "${SECRET}" } } }\n'
const env = { SECRET: 'real-secret' }

const plan = (flags: string, file?: string, more: Record<string, string> = env) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-plan-'))
  if (file !== undefined) writeFileSync(path.join(directory, 'mesh.yaml'), file)
  const terminal: Terminal = {
    out: () => {},
    write: async () => {},
    note: () => {},
    paint: PLAIN,
    notePaint: PLAIN,
    isInteractive: false,
    env: more,
    directory,
    root: '/',
    program: 'mesh',
    stdin: async () => '',
    input: async function* () {},
    now: () => new Date(),
  }
  const planned = planUp(
    parseCommandLine(['up', ...flags.split(' ').filter((word) => word !== '')], COMMANDS).input,
    terminal,
  )
  return {
    ...planned,
    directory,
    lms: sectionOf(planned.config, 'fulfillment')['lms'],
    gateway: sectionOf(planned.config, 'gateway'),
  }
}

describe('planUp', () => {
  it('takes the file as it is', () => {
    const { config, lms, sandboxPort, directory, gateway } = plan('', REAL)
    expect(lms).toEqual({ url: 'https://lms.example.org', clientId: 'real', clientSecret: 'real-secret' })
    expect([config.data, sandboxPort]).toEqual([path.join(directory, '.mesh'), undefined])
    expect(gateway['jwt']).toBeUndefined()
  })

  it('lets flags and PORT go over the file, flags first', () => {
    const file = `data: elsewhere\n${REAL.replace('services: {', 'services: { gateway: { port: 1 },')}`
    expect(plan('', file).gateway['port']).toBe(1)
    expect(plan('', file, { ...env, PORT: '2' }).gateway['port']).toBe(2)
    const { gateway, config, directory } = plan('--port 3 --data there', file, { ...env, PORT: '2' })
    expect([gateway['port'], config.data]).toEqual([3, path.join(directory, 'there')])
  })

  it('takes engines from flags and the environment, but one replica only where the file names no brokers', () => {
    const addresses = { ...env, MESH_KAFKA: '127.0.0.1:9092', MESH_MONGODB: 'mongodb://127.0.0.1:27017' }
    expect(plan('', REAL, addresses).config.bus.driver).toBe('embedded')
    const chosen = plan('--bus kafka --store mongodb', REAL, addresses)
    expect(chosen.config.bus).toMatchObject({
      driver: 'kafka',
      kafka: { bootstrapServers: '127.0.0.1:9092', replicationFactor: 1, minInsyncReplicas: 1 },
    })
    expect(chosen.config.store.mongodb?.url).toBe('mongodb://127.0.0.1:27017')
    expect(chosen.warnings.map(({ path: at }) => at)).toEqual(['bus.kafka.minInsyncReplicas'])
    const cluster = `bus: { kafka: { bootstrapServers: "broker-1:9092" } }\n${REAL}`
    expect(plan('--bus kafka', cluster, addresses).config.bus.kafka).toMatchObject({
      bootstrapServers: 'broker-1:9092',
      replicationFactor: 3,
      minInsyncReplicas: 2,
    })
    expect(() => plan('--bus kafka', REAL)).toThrow(/bootstrapServers/)
    expect(() => plan('--bus rabbit', REAL)).toThrow(/--bus must be embedded or kafka/)
  })

  it('lays nothing below an engine that the file names, where the other one comes from the environment', () => {
    const addresses = { ...env, MESH_KAFKA: '127.0.0.1:9092', MESH_MONGODB: 'mongodb://127.0.0.1:27017' }
    const brokers = `bus: { driver: kafka, kafka: { bootstrapServers: "broker-1:9092" } }\n${REAL}`
    const { config } = plan('--store mongodb', brokers, addresses)
    expect(config.bus.kafka).toMatchObject({
      bootstrapServers: 'broker-1:9092',
      replicationFactor: 3,
      minInsyncReplicas: 2,
    })
    expect(config.store.mongodb?.url).toBe('mongodb://127.0.0.1:27017')
    const database = `store: { driver: mongodb, mongodb: { url: "mongodb://db:1", timeoutMs: 700 } }\n${REAL}`
    expect(plan('--bus kafka', database, addresses).config.store.mongodb).toMatchObject({
      url: 'mongodb://db:1',
      timeoutMs: 700,
    })
    const half = `bus: { kafka: { topicPrefix: "mesh." } }\n${REAL}`
    expect(() => plan('--bus kafka', half, addresses)).toThrow(/bus\.kafka\.bootstrapServers: is missing/)
  })

  it('adds the operator to the callers, unless one of that name is there', () => {
    const { gateway, secrets } = plan('', REAL)
    expect(gateway['callers']).toEqual([
      {
        name: 'operator',
        keyHash: keyHashOf(secrets.operatorKey),
        scopes: ['orders:write', 'orders:read', 'operate'],
      },
    ])
    const own = { name: 'operator', keyHash: '0'.repeat(64), scopes: ['operate'] }
    expect(
      plan('', REAL.replace('services: {', `services: { gateway: { callers: [${JSON.stringify(own)}] },`))
        .gateway['callers'],
    ).toEqual([own])
  })

  it('refuses to start without an LMS, and names the way out', () => {
    expect(() => plan('')).toThrow(/services\.fulfillment\.lms: is missing[^]*mesh up --demo/)
  })

  it('proposes the sandbox only where the LMS is what is missing', () => {
    expect(() => plan('', `graceM: 1\n${REAL}`)).toThrow(/^(?![^]*Without an LMS yet)[^]*graceM/)
  })

  it.each(['--demo', '--lms http://127.0.0.1:8081'])(
    '%s takes the credentials of the sandbox where the file has none',
    (flags) => {
      expect(plan(flags).lms).toEqual({
        url: 'http://127.0.0.1:8081',
        clientId: 'mesh',
        clientSecret: 'mesh-secret',
        apiKey: 'mesh-api-key',
      })
    },
  )

  it.each(['--demo', '--lms http://127.0.0.1:8081'])(
    '%s leaves real credentials alone: no API key of the sandbox joins them',
    (flags) => {
      expect(plan(flags, REAL).lms).toEqual({
        url: 'http://127.0.0.1:8081',
        clientId: 'real',
        clientSecret: 'real-secret',
      })
    },
  )

  it('makes secrets for the demo, below those of the file', () => {
    const { gateway, secrets, sandboxPort } = plan('--demo --lms-port 9')
    expect(gateway).toMatchObject({
      jwt: { secret: secrets.jwtSecret },
      stripe: { secrets: [secrets.stripeWebhookSecret] },
    })
    expect(sandboxPort).toBe(9)
    expect(
      plan('--demo', 'services: { gateway: { jwt: { secret: "${JWT}" } } }', { JWT: 'j'.repeat(20) }).gateway[
        'jwt'
      ],
    ).toEqual({ secret: 'j'.repeat(20) })
    expect(plan('--demo --lms http://127.0.0.1:1').sandboxPort).toBeUndefined()
  })

  it.each([
    ['--lms-port 1', /is for --demo/],
    ['--lms lms.example.org', /must be an address/],
    ['--port x', /must be a port/],
  ])('refuses %s', (flags, message) => expect(() => plan(flags, REAL)).toThrow(message))

  it('refuses a PORT that is none', () =>
    expect(() => plan('', REAL, { ...env, PORT: 'http' })).toThrow(/PORT must be a port/))
})

import { describe, expect, it } from '@jest/globals'
import { kafkaClient } from './client.ts'
import { kafkaSettings, recordingLog, silentLog } from './kafka.fixture.ts'

describe('kafkaClient', () => {
  it('puts the prefix in front of names, and takes it off again', () => {
    const { name, plain } = kafkaClient(kafkaSettings({ topicPrefix: 'mesh.' }), silentLog())
    expect(name('order.placed.v1')).toBe('mesh.order.placed.v1')
    expect(plain('mesh.order.placed.v1')).toBe('order.placed.v1')
    expect(plain('others.v1')).toBe('others.v1')
  })

  it('lists the brokers for messages', () => {
    const { servers } = kafkaClient(kafkaSettings({ bootstrapServers: 'a:1 ,b:2,  c:3' }), silentLog())
    expect(servers).toBe('a:1, b:2, c:3')
  })

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('takes credentials for %s', (mechanism) => {
    const sasl = { mechanism, username: 'mesh', password: 'secret' }
    expect(() => kafkaClient(kafkaSettings({ sasl }), silentLog())).not.toThrow()
  })

  it('fails at the first failure, without a word about it above debug', async () => {
    const { log, lines } = recordingLog('debug')
    const settings = kafkaSettings({ bootstrapServers: '127.0.0.1:1', requestTimeoutMs: 60_000 })
    const admin = kafkaClient(settings, log).kafka.admin()
    const start = performance.now()
    await expect(admin.connect()).rejects.toThrow('ECONNREFUSED')
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter(({ level }) => level > 20)).toEqual([])
  })
})

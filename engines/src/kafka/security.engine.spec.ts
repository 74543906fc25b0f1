import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout } from 'node:timers/promises'
import { eventually } from '@commerce-mesh/testing'
import { describeRecipe } from '../recipe/describe-recipe.fixture.ts'
import { findJava } from '../recipe/tools.ts'
import {
  DEADLINE_MS,
  SLACK_MS,
  expectNoSecret,
  labelled,
  listen,
  logins,
  openBus,
  settingsFor,
  thrownBy,
  useBus,
  withTopics,
} from './mesh-client.fixture.ts'
import type { Settings } from './mesh-client.fixture.ts'
import { startSecureKafka } from './secure-kafka.fixture.ts'
import type { Door, SecureKafka } from './secure-kafka.fixture.ts'

const USER = { username: 'mesh', password: 'right-and-secret' }
const WRONG = { username: 'mesh', password: 'wrong-and-secret' }
const SECRETS = [USER.password, WRONG.password]

/** Longer than ten seconds, which kafkajs logs in anew before the end of a session. */
const SESSION_MS = 11_000

await describeRecipe('kafka', findJava, 'A Kafka that asks for credentials and certificates', () => {
  let kafka: SecureKafka

  beforeAll(async () => {
    kafka = await startSecureKafka({
      plainUsers: [USER],
      scramUsers: [USER],
      superUsers: ['User:mesh', 'User:CN=mesh'],
      sessionMs: SESSION_MS,
    })
  })
  afterAll(() => kafka?.stop())

  const tls = (...names: readonly ('ca' | 'cert' | 'key')[]) => ({
    tls: Object.fromEntries(names.map((name) => [name, kafka.files[name]])),
  })
  const login = (mechanism: NonNullable<Settings['sasl']>['mechanism'], user = USER) => ({
    sasl: { mechanism, ...user },
  })
  const stranger = () => ({
    tls: { ca: kafka.files.ca, cert: kafka.files.strangerCert, key: kafka.files.strangerKey },
  })

  type Case = readonly [string, Door, () => Partial<Settings>]

  const accepted: readonly Case[] = [
    ['PLAIN over TLS', 'LOGIN', () => ({ ...tls('ca'), ...login('plain') })],
    ['SCRAM-SHA-256 over TLS', 'LOGIN', () => ({ ...tls('ca'), ...login('scram-sha-256') })],
    ['SCRAM-SHA-512 over TLS', 'LOGIN', () => ({ ...tls('ca'), ...login('scram-sha-512') })],
    ['SCRAM-SHA-512 without TLS', 'BARE_LOGIN', () => login('scram-sha-512')],
    ['a client certificate', 'MUTUAL', () => tls('ca', 'cert', 'key')],
  ]

  it.each(accepted)('lets in whoever comes with %s, on every connection', async (_, door, more) => {
    const topic = `${door}-${more().sasl?.mechanism}.v1`
    await useBus(settingsFor(kafka.at[door], more()), topic)
  })

  const refused: readonly (readonly [...Case, RegExp])[] = [
    [
      'a wrong password (PLAIN)',
      'LOGIN',
      () => ({ ...tls('ca'), ...login('plain', WRONG) }),
      /refuse the login \(SASL PLAIN .*Invalid username or password\)/,
    ],
    [
      'a wrong password (SCRAM-SHA-256)',
      'LOGIN',
      () => ({ ...tls('ca'), ...login('scram-sha-256', WRONG) }),
      /refuse the login \(SASL SCRAM SHA256 .*invalid credentials/,
    ],
    [
      'a wrong password (SCRAM-SHA-512)',
      'LOGIN',
      () => ({ ...tls('ca'), ...login('scram-sha-512', WRONG) }),
      /refuse the login \(SASL SCRAM SHA512 .*invalid credentials/,
    ],
    [
      'a mechanism that is not enabled',
      'BARE_LOGIN',
      () => login('plain'),
      /refuse the login \(The broker does not support the requested SASL mechanism\)/,
    ],
    ['no credentials', 'LOGIN', () => tls('ca'), /hung up: .* wants TLS or a login/],
    [
      'credentials that nobody asks for',
      'MUTUAL',
      () => ({ ...tls('ca', 'cert', 'key'), ...login('plain') }),
      /take no login on this port/,
    ],
    [
      'a wrong authority',
      'LOGIN',
      () => ({ tls: { ca: kafka.files.otherCa }, ...login('plain') }),
      /certificate is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    ],
    [
      'no authority but those of Node',
      'LOGIN',
      () => ({ tls: {}, ...login('plain') }),
      /certificate is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    ],
    [
      'another name than the certificate has',
      'ELSEWHERE',
      () => tls('ca'),
      /certificate is for another host \(.*localhost.*kafka\.example\)/,
    ],
    ['no client certificate', 'MUTUAL', () => tls('ca'), /refuse the TLS handshake \(bad certificate\)/],
    [
      'a client certificate of somebody else',
      'MUTUAL',
      stranger,
      /refuse the TLS handshake \(certificate unknown\)/,
    ],
    ['TLS where there is none', 'PLAIN_TEXT', () => tls('ca'), /hung up during the TLS handshake/],
    ['plain text where there is TLS', 'ELSEWHERE', () => ({}), /hung up: .* wants TLS or a login/],
  ]

  it.each(refused)('refuses %s, in time and in words', async (_, door, more, words) => {
    const start = performance.now()
    const thrown = await thrownBy(openBus(settingsFor(kafka.at[door], more())))
    expect(performance.now() - start).toBeLessThan(DEADLINE_MS + SLACK_MS)
    expect(thrown).toMatchObject({
      code: 'MESH_BUS_UNAVAILABLE',
      message: expect.stringMatching(words),
      action: expect.stringContaining('bus.kafka.'),
    })
    expect(thrown.message).toContain(kafka.at[door])
    expectNoSecret(thrown, SECRETS)
  })

  describe('for `mesh topics`', () => {
    it.each(refused.filter(([name]) => /PLAIN|wrong authority/.test(name)))(
      'refuses %s too',
      async (_, door, more, words) => {
        const settings = settingsFor(kafka.at[door], more())
        const plan = withTopics(settings, (topics) => topics.plan([{ name: 'a.v1', partitions: 1 }]))
        const thrown = await thrownBy(plan)
        expect(thrown).toMatchObject({
          code: 'MESH_BUS_UNAVAILABLE',
          message: expect.stringMatching(words),
          action: expect.stringContaining('bus.kafka.'),
        })
        expectNoSecret(thrown, SECRETS)
      },
    )
  })

  it('logs in anew before a session ends, and nobody notices', async () => {
    const bus = await openBus(settingsFor(kafka.at.LOGIN, { ...tls('ca'), ...login('scram-sha-512') }))
    try {
      const topic = 'session.v1'
      await bus.declare([{ name: topic, partitions: 1 }])
      const { labels, close } = await listen(bus, 'session', topic)
      const before = logins()
      const until = performance.now() + SESSION_MS + SLACK_MS
      const problems = new Set<string | undefined>()
      let count = 0
      while (performance.now() < until) {
        await bus.publish([labelled(topic, `${++count}`)])
        problems.add(bus.problem())
        await setTimeout(100)
      }
      expect([...problems]).toEqual([undefined])
      expect(logins()).toBeGreaterThan(before)
      await eventually(() => labels.length >= count, { what: 'every record' })
      expect(labels).toEqual(Array.from({ length: count }, (_, at) => `${at + 1}`))
      await close()
    } finally {
      await bus.close()
    }
  })

  it('says that credentials are not right any more, and goes on when they are again', async () => {
    const topic = 'later.v1'
    const bus = await openBus(settingsFor(kafka.at.LOGIN, { ...tls('ca'), ...login('plain') }))
    try {
      await bus.declare([{ name: topic, partitions: 1 }])
      const { labels, close } = await listen(bus, 'later', topic)
      await bus.publish([labelled(topic, 'before')])

      await kafka.restart([WRONG])
      await eventually(() => /refuse the login/.test(bus.problem() ?? ''), {
        what: () => `words about the login, not: ${bus.problem()}`,
        timeoutMs: 20_000,
      })
      const thrown = await thrownBy(bus.publish([labelled(topic, 'lost')]))
      expect(thrown).toMatchObject({
        code: 'MESH_BUS_UNAVAILABLE',
        message: expect.stringMatching(/refuse the login .*Nothing was accepted\.$/),
      })
      expectNoSecret(thrown, SECRETS)

      await kafka.restart([USER])
      await eventually(() => bus.problem() === undefined, { what: 'all is well', timeoutMs: 20_000 })
      await bus.publish([labelled(topic, 'after')])
      await eventually(() => labels.includes('after'), { what: 'the record', timeoutMs: 30_000 })
      expect(new Set(labels)).toEqual(new Set(['before', 'after']))
      await close()
    } finally {
      await bus.close()
    }
  })
})

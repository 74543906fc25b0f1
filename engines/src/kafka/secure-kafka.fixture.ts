import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from '../place/free-ports.ts'
import { makeAuthority } from './certificates.fixture.ts'
import type { Certificate } from './certificates.fixture.ts'
import { startKafka } from './start-kafka.ts'
import type { RunningKafka } from './start-kafka.ts'

/** What can be reached, by the port's name: who gets in, and by what. */
const PROTOCOLS = {
  PLAIN_TEXT: 'PLAINTEXT',
  LOGIN: 'SASL_SSL',
  BARE_LOGIN: 'SASL_PLAINTEXT',
  MUTUAL: 'SSL',
  ELSEWHERE: 'SSL',
} as const

/** A port of the broker. */
export type Door = keyof typeof PROTOCOLS

/** Name and password. */
type User = { readonly username: string; readonly password: string }

/** Everything that a client needs is in files, as it would be in a deployment. */
export type SecureKafka = {
  /** Address of each listener. */
  readonly at: Readonly<Record<Door, string>>
  /** PEM files. */
  readonly files: Readonly<Record<'ca' | 'otherCa' | 'cert' | 'key' | 'strangerCert' | 'strangerKey', string>>
  /** Stops it and starts it again; from now on only these may log in by PLAIN. */
  restart(plainUsers: readonly User[]): Promise<void>
  stop(): Promise<void>
}

const jaas = (module: string, entries = '') =>
  `org.apache.kafka.common.security.${module} required${entries};`

const plainJaas = (users: readonly User[]) =>
  jaas(
    'plain.PlainLoginModule',
    users.map(({ username, password }) => ` user_${username}="${password}"`).join(''),
  )

const scram = jaas('scram.ScramLoginModule')

const scramOf = ({ username, password }: User): string[] =>
  ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ])

/** Who may come. */
export type Guests = {
  /** May log in by PLAIN. */
  readonly plainUsers: readonly User[]
  /** May log in by SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly scramUsers: readonly User[]
  /** Principals that may do everything, such as `User:CN=mesh`; all others need ACLs. */
  readonly superUsers: readonly string[]
  /** Whoever has logged in must do so again within so many milliseconds; absent: never. */
  readonly sessionMs?: number
}

/** Starts a broker that asks for credentials and has certificates of an authority of its own. */
export const startSecureKafka = async ({
  plainUsers,
  scramUsers,
  superUsers,
  sessionMs = 0,
}: Guests): Promise<SecureKafka> => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-secure-kafka-'))
  const file = (name: string, content: string) => {
    const at = path.join(directory, name)
    writeFileSync(at, content, { mode: 0o600 })
    return at
  }
  const store = (name: string, { key, cert }: Certificate) => file(`${name}.pem`, key + cert)

  const authority = makeAuthority('Test Authority')
  const other = makeAuthority('Other Authority')
  const client = authority.issue('mesh')
  const stranger = other.issue('mesh')
  const files = {
    ca: file('ca.pem', authority.cert),
    otherCa: file('other-ca.pem', other.cert),
    cert: file('client.pem', client.cert),
    key: file('client-key.pem', client.key),
    strangerCert: file('stranger.pem', stranger.cert),
    strangerKey: file('stranger-key.pem', stranger.key),
  }
  const here = store('broker', authority.issue('broker', ['localhost', '127.0.0.1']))
  const elsewhere = store('elsewhere', authority.issue('broker', ['kafka.example']))

  const doors = Object.keys(PROTOCOLS) as Door[]
  const [controllerPort = 0, ...ports] = await freePorts(1 + doors.length)
  const port = (door: Door) => ports[doors.indexOf(door)] ?? 0
  const at = Object.fromEntries(doors.map((door) => [door, `localhost:${port(door)}`])) as Record<
    Door,
    string
  >
  const list = (host: string) => doors.map((door) => `${door}://${host}:${port(door)}`).join(',')
  const map = doors.map((door) => `${door}:${PROTOCOLS[door]}`).join(',')

  const start = (users: readonly User[]): Promise<RunningKafka> =>
    startKafka({
      directory,
      port: port('PLAIN_TEXT'),
      format: scramUsers.flatMap(scramOf),
      properties: {
        listeners: `${list('127.0.0.1')},CONTROLLER://127.0.0.1:${controllerPort}`,
        'advertised.listeners': list('localhost'),
        'listener.security.protocol.map': `${map},CONTROLLER:PLAINTEXT`,
        'inter.broker.listener.name': 'PLAIN_TEXT',
        'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // The broker itself and its controller come by listeners that ask for nothing.
        'super.users': ['User:ANONYMOUS', ...superUsers].join(';'),
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': here,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': files.ca,
        'listener.name.mutual.ssl.client.auth': 'required',
        'listener.name.elsewhere.ssl.keystore.type': 'PEM',
        'listener.name.elsewhere.ssl.keystore.location': elsewhere,
        'connections.max.reauth.ms': `${sessionMs}`,
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.login.plain.sasl.jaas.config': plainJaas(users),
        'listener.name.login.scram-sha-256.sasl.jaas.config': scram,
        'listener.name.login.scram-sha-512.sasl.jaas.config': scram,
        'listener.name.bare_login.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
        'listener.name.bare_login.scram-sha-512.sasl.jaas.config': scram,
      },
    })

  let kafka = await start(plainUsers)
  return {
    at,
    files,
    restart: async (users) => {
      await kafka.stop()
      kafka = await start(users)
    },
    stop: async () => {
      await kafka.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import net from 'node:net'

// X.509 in the few bytes that a test needs: neither openssl nor keytool is asked for, and no key lies in the repository.

/** A certificate with its key, both PEM. */
export type Certificate = { readonly cert: string; readonly key: string }

/** Somebody who signs certificates. */
export type Authority = {
  /** Its own certificate, PEM. */
  readonly cert: string
  /** @param hosts - names and addresses that the certificate is for; none: a client's. */
  issue(name: string, hosts?: readonly string[]): Certificate
}

const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID, UTF8, TIME, SEQUENCE, SET] = [
  0x01, 0x02, 0x03, 0x04, 0x06, 0x0c, 0x17, 0x30, 0x31,
] as const
const [VERSION, EXTENSIONS, DNS, ADDRESS] = [0xa0, 0xa3, 0x82, 0x87] as const

const ECDSA_WITH_SHA256 = '2a8648ce3d040302'
const COMMON_NAME = '550403'
const BASIC_CONSTRAINTS = '551d13'
const SUBJECT_ALTERNATIVES = '551d11'

const DAY_MS = 86_400_000

const lengthOf = (bytes: number): Buffer => {
  if (bytes < 0x80) return Buffer.from([bytes])
  const digits = Buffer.from([bytes >> 8, bytes & 0xff]).subarray(bytes < 0x100 ? 1 : 0)
  return Buffer.concat([Buffer.from([0x80 | digits.length]), digits])
}

const der = (tag: number, ...content: readonly (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

const oid = (hex: string) => der(OID, Buffer.from(hex, 'hex'))

const algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256))

const nameOf = (name: string) => der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), der(UTF8, name))))

const time = (ms: number) => der(TIME, `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`)

const isAuthority = der(
  SEQUENCE,
  oid(BASIC_CONSTRAINTS),
  der(BOOLEAN, Buffer.from([0xff])),
  der(OCTET_STRING, der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff])))),
)

const isFor = (hosts: readonly string[]) => {
  const names = hosts.map((host) =>
    net.isIPv4(host) ? der(ADDRESS, Buffer.from(host.split('.').map(Number))) : der(DNS, host),
  )
  return der(SEQUENCE, oid(SUBJECT_ALTERNATIVES), der(OCTET_STRING, der(SEQUENCE, ...names)))
}

const pem = (bytes: Buffer) => {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return { publicKey: publicKey.export({ type: 'spki', format: 'der' }), privateKey }
}

type Request = {
  readonly subject: string
  readonly publicKey: Buffer
  readonly issuer: string
  readonly issuerKey: KeyObject
  readonly extensions: readonly Buffer[]
}

const certify = ({ subject, publicKey, issuer, issuerKey, extensions }: Request): string => {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)])
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, serial),
    algorithm,
    nameOf(issuer),
    der(SEQUENCE, time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    nameOf(subject),
    publicKey,
    ...(extensions.length === 0 ? [] : [der(EXTENSIONS, der(SEQUENCE, ...extensions))]),
  )
  const signature = sign('sha256', content, issuerKey)
  return pem(der(SEQUENCE, content, algorithm, der(BIT_STRING, Buffer.from([0]), signature)))
}

/** Makes an authority of its own, good for a day. */
export const makeAuthority = (issuer: string): Authority => {
  const own = pair()
  const from = { issuer, issuerKey: own.privateKey }
  return {
    cert: certify({ ...from, subject: issuer, publicKey: own.publicKey, extensions: [isAuthority] }),
    issue: (subject, hosts = []) => {
      const { publicKey, privateKey } = pair()
      const extensions = hosts.length === 0 ? [] : [isFor(hosts)]
      return {
        cert: certify({ ...from, subject, publicKey, extensions }),
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    },
  }
}

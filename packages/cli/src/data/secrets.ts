import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { MeshError, makeDataDirectory } from '@commerce-mesh/mesh'
import { z } from 'zod'

const secretsDocument = z.strictObject({
  /** API key of the operator; the gateway knows its hash. */
  operatorKey: z.string().startsWith('mesh_'),
  /** HS256 secret of LMS-style tokens, for --demo. */
  jwtSecret: z.string().min(32),
  /** Signing secret of Stripe notifications, for --demo. */
  stripeWebhookSecret: z.string().startsWith('whsec_'),
})

/** Secrets that a mesh makes for itself, so that nothing has to be set up. */
export type LocalSecrets = z.output<typeof secretsDocument>

/** Only the owner may read these files. */
const PRIVATE = 0o600

const secretsFile = (data: string) => path.join(data, 'secrets.json')

/** The file that holds the operator's key alone, to be pasted as `$(cat …)`. */
export const operatorKeyFile = (data: string): string => path.join(data, 'operator.key')

const random = (prefix: string) => prefix + randomBytes(32).toString('base64url')

const codeOf = (thrown: unknown) => (Error.isError(thrown) && 'code' in thrown ? thrown.code : undefined)

/** Another process may be writing the same: only a whole file appears, and the first one stays. */
const writeOnce = (file: string, text: string): void => {
  const fresh = `${file}.${process.pid}`
  fs.writeFileSync(fresh, text, { mode: PRIVATE })
  try {
    fs.linkSync(fresh, file)
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
  } finally {
    fs.rmSync(fresh, { force: true })
  }
}

/** The secrets of a data directory; undefined where there are none. @throws MeshError MESH_DATA_NOT_WRITABLE when the file is damaged. */
export const readSecrets = (data: string): LocalSecrets | undefined => {
  const text = (() => {
    try {
      return fs.readFileSync(secretsFile(data), 'utf8')
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return undefined
      throw thrown
    }
  })()
  if (text === undefined) return undefined
  try {
    return secretsDocument.parse(JSON.parse(text))
  } catch (cause) {
    throw new MeshError('MESH_DATA_NOT_WRITABLE', `The file ${secretsFile(data)} is damaged.`, {
      cause,
      action: 'Delete it; the next start makes a new one with a new operator key.',
    })
  }
}

/**
 * The secrets of a data directory, made at the first start. The files are readable by their owner only.
 *
 * @throws MeshError MESH_DATA_NOT_WRITABLE
 */
export const openSecrets = (data: string): LocalSecrets => {
  try {
    makeDataDirectory(data)
    if (readSecrets(data) === undefined) {
      const made: LocalSecrets = {
        operatorKey: random('mesh_'),
        jwtSecret: random(''),
        stripeWebhookSecret: random('whsec_'),
      }
      writeOnce(secretsFile(data), `${JSON.stringify(made, undefined, 2)}\n`)
    }
    const secrets = readSecrets(data)
    if (secrets === undefined) throw new Error('secrets.json vanished')
    fs.writeFileSync(operatorKeyFile(data), `${secrets.operatorKey}\n`, { mode: PRIVATE })
    return secrets
  } catch (cause) {
    if (cause instanceof MeshError) throw cause
    throw new MeshError('MESH_DATA_NOT_WRITABLE', `The data directory ${data} can’t be created or written.`, {
      cause,
    })
  }
}

/** SHA-256 of an API key in hex: what the gateway's `callers` hold. */
export const keyHashOf = (key: string): string => createHash('sha256').update(key).digest('hex')

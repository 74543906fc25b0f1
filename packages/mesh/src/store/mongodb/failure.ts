import { MongoError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { MeshError } from '../../errors/mesh-error.ts'

const DUPLICATE_KEY = 11_000

/** The answer to an insert of a document that is there already. */
export const isDuplicate = (thrown: unknown): boolean =>
  thrown instanceof MongoServerError && thrown.code === DUPLICATE_KEY

/** Whether the server has no such collection (yet). */
export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof MongoServerError && thrown.code === 26

/** What was thrown, and what it was thrown for, down to the socket. */
const chain = (thrown: unknown): readonly unknown[] => {
  const links: unknown[] = []
  for (let link = thrown; Error.isError(link) && links.length < 8; link = link.cause) {
    links.push(link)
    if (!(link instanceof MongoServerSelectionError)) continue
    for (const { error } of link.reason?.servers.values() ?? [])
      if (error !== null) links.push(...chain(error))
  }
  return links
}

/** A word of the system about what failed: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
const systemCode = (thrown: unknown): string | undefined =>
  chain(thrown)
    .map((link) => (link as { code?: unknown }).code)
    .find((code) => typeof code === 'string')

const refusalIn = (thrown: unknown): MongoServerError | undefined =>
  chain(thrown).find((link) => link instanceof MongoServerError)

const nameOf = ({ codeName, code }: MongoServerError): string => `${codeName ?? 'code'} ${code ?? ''}`.trim()

/** Unauthorized, AuthenticationFailed, and what Atlas says for both. */
const DENIED: readonly unknown[] = [13, 18, 8000]

/** What a person must do before it can go on; undefined: it may go on by itself. */
const denialIn = (thrown: unknown) =>
  DENIED.includes(refusalIn(thrown)?.code)
    ? {
        action:
          'Compare user, password and authSource in store.mongodb.url with the database’s users; the user needs readWrite on store.mongodb.database.',
        lasting: true,
      }
    : undefined

/**
 * What an error of the driver means for people. Its own words are left out, and the error itself too: a server quotes
 * documents and commands in them, a parser quotes the connection string.
 */
const wordsOf = (thrown: unknown, hosts: string): string => {
  const refusal = refusalIn(thrown)
  if (refusal !== undefined) return `MongoDB at ${hosts} answered with an error (${nameOf(refusal)}).`
  const why = systemCode(thrown)
  if (thrown instanceof MongoServerSelectionError)
    return `No MongoDB server that takes writes can be reached at ${hosts}${why ? ` (${why})` : ''}.`
  if (thrown instanceof MongoError || why !== undefined)
    return `The connection to MongoDB at ${hosts} failed (${why ?? thrown?.constructor.name}).`
  return `MongoDB at ${hosts} could not be asked.`
}

/** An error of ours for whatever a request to the server threw. Ours, and misuse (TypeError), stay what they are. */
export const mongodbFailure = (thrown: unknown, hosts: string): unknown => {
  if (thrown instanceof MeshError || thrown instanceof TypeError) return thrown
  const known = thrown instanceof MongoError || systemCode(thrown) !== undefined
  return new MeshError('MESH_STORE_UNAVAILABLE', wordsOf(thrown, hosts), {
    ...(!known && { cause: thrown }),
    ...denialIn(thrown),
  })
}

/** The connection string can't be used. It is quoted nowhere: it holds the password. */
export const unusableUrl = (): MeshError =>
  new MeshError('MESH_CONFIG_INVALID', 'store.mongodb.url can’t be understood.', {
    action:
      'Compare it with mongodb://user:password@host:27017/?option=value. Special characters in user and password must be percent-encoded; unknown options are refused.',
  })

import { MeshError } from '../../errors/mesh-error.ts'
import { type Denial, denialIn } from './access.ts'

/** What kafkajs' own errors have besides a message. */
type KafkaFailure = Error & {
  readonly type?: string
  readonly code?: string | number
  readonly retriable?: boolean
}

/** kafkajs wraps what happened into "retries exceeded", sometimes twice, and into lists of one. */
const rootOf = (thrown: unknown): unknown => {
  let root = thrown
  const listed = (thrown as { readonly errors?: readonly unknown[] } | undefined)?.errors
  if (listed !== undefined && listed.length > 0) root = listed[0]
  for (let depth = 0; depth < 5 && Error.isError(root) && root.name.startsWith('KafkaJS'); depth++) {
    if (!Error.isError(root.cause)) break
    root = root.cause
  }
  return root
}

/** Kafka's name of a refusal, such as TOPIC_AUTHORIZATION_FAILED, where the error is one. */
export const kafkaType = (thrown: unknown): string | undefined => {
  const root = rootOf(thrown) as KafkaFailure
  return Error.isError(root) ? root.type : undefined
}

const denialOf = (thrown: unknown): Denial | undefined => {
  const root = rootOf(thrown)
  return Error.isError(root) ? denialIn(root) : undefined
}

/** What keeps this client out until a person changes something; undefined: the failure is no such thing. */
export const refusalKind = (thrown: unknown): Denial['lasting'] => denialOf(thrown)?.lasting

/** Whether the brokers refuse the login, or one of the two sides the other's certificate: no waiting changes that. */
export const isRefusedLogin = (thrown: unknown): boolean => refusalKind(thrown) !== undefined

/** What went wrong between us and the brokers, for people: no payload, no credentials. */
export const kafkaWords = (thrown: unknown): string => {
  const root = rootOf(thrown)
  if (!Error.isError(root)) return String(root)
  const { code, type, message } = root as KafkaFailure
  const denial = denialIn(root)
  if (denial !== undefined) return denial.words
  // A name with several addresses fails with a list of errors, and Node gives the list no words.
  const words = message.replace(/: $/, code === undefined ? '' : `: ${code}`).replace(/\.$/, '')
  return type === undefined ? words : `${words} (${type})`
}

/** An error of ours for something that the cluster could not do in time, or did not let us do; lasting after a refused login. */
export const unavailable = (happened: string, cause?: unknown): MeshError => {
  const { action, lasting } = denialOf(cause) ?? {}
  return new MeshError('MESH_BUS_UNAVAILABLE', happened, {
    cause,
    lasting: lasting !== undefined,
    ...(action === undefined ? {} : { action }),
  })
}

import { z } from 'zod'
import { unknownPaths } from './personal/personal-path.ts'

/**
 * The versioned schema of one event type: what its data looks like, which value orders it, who owns it and
 * which of its fields are personal. Design: "contract".
 */
export type EventContract<D = unknown> = {
  /** Name without version, dotted lower case, e.g. `order.placed`. */
  readonly name: string
  /** Major version, 1 or more. A change that an old reader can't read is a new major. */
  readonly version: number
  /** CloudEvents `type` and the topic's base name: `order.placed.v1`. */
  readonly type: string
  /** The service that may emit it, e.g. `payments`. */
  readonly owner: string
  /** One sentence for the reference: what has happened when this event exists. */
  readonly summary: string
  /** Schema of `data`. Strict: unknown fields are refused. Compiled: several times as fast on good data. */
  readonly data: z.ZodType<D>
  /** The record key: events with the same key are handled in order. Never empty for valid data. */
  key(data: D): string
  /**
   * Dotted paths of personal fields, which never enter logs, spans, metrics, the journal or an error message.
   * `*` stands for each item of a list or value of a record: `lines.*.email`.
   */
  readonly personal: readonly string[]
  /** False for the mesh's own bookkeeping events: handling them is not journaled again. */
  readonly journaled: boolean
}

/** The data type that a contract describes. */
export type DataOf<C> = C extends EventContract<infer D> ? D : never

const NAME = /^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/
const OWNER = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
// Kafka allows 249 characters; this leaves room for the operator's prefix and the version.
const LONGEST_NAME = 150

const checkNames = ({ name, version, owner }: { name: string; version: number; owner: string }): void => {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new TypeError(
      `Event name '${name}' must be dotted lower case of at most ${LONGEST_NAME} characters, such as 'order.placed'.`,
    )
  }
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new TypeError(`Event '${name}' has version ${version}; a major version is an integer from 1.`)
  }
  if (!OWNER.test(owner)) {
    throw new TypeError(
      `Event '${name}' has owner '${owner}'; name the service that may emit it, such as 'payments'.`,
    )
  }
}

/**
 * Declares an event contract.
 *
 * @param declaration - see {@link EventContract}; `type` is computed, `personal` defaults to none, `journaled` to true.
 * @throws TypeError when the name is not dotted lower case, the version is not a positive integer, the owner is not a
 * service name, or a personal path is not in the schema.
 */
export const defineEvent = <S extends z.ZodType>(declaration: {
  name: string
  version: number
  owner: string
  summary: string
  data: S
  key: (data: z.output<S>) => string
  personal?: readonly string[]
  journaled?: boolean
}): EventContract<z.output<S>> => {
  const { name, version, data, personal = [] } = declaration
  checkNames(declaration)
  const unknown = unknownPaths(data, personal)
  if (unknown.length > 0) {
    throw new TypeError(
      `Event '${name}' marks '${unknown.join("', '")}' as personal, but its schema has no such field: ` +
        'what is marked wrongly would reach the logs. Write the path as it stands in the schema.',
    )
  }
  return Object.freeze({
    journaled: true,
    ...declaration,
    personal,
    data: z.compile(data) as unknown as z.ZodType<z.output<S>>,
    type: `${name}.v${version}`,
  })
}

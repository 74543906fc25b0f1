import { z } from 'zod'
import { unknownPaths } from './personal/personal-path.ts'
import type { Upcast } from './upcast/upcast.ts'

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
  /** Valid data, for tests, documentation and `mesh contracts sample`. The first one is the sample. */
  readonly examples: readonly D[]
  /** How the major version before is read as this one, so that a reader of this one takes both. */
  readonly upcast?: Upcast<D>
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

// Contracts may be written in JavaScript: there the types refuse nothing.
const checkParts = ({ name, data, key }: { name: string; data: unknown; key: unknown }): void => {
  if (typeof (data as { safeParse?: unknown } | undefined)?.safeParse !== 'function')
    throw new TypeError(
      `Event '${name}' has no schema: give its data as a zod schema, such as z.strictObject({ … }).`,
    )
  if (typeof key !== 'function') {
    throw new TypeError(
      `Event '${name}' has no key: its records would be in no order. Give key: (data) => data.orderNumber, or the like.`,
    )
  }
}

const checkUpcast = ({
  name,
  version,
  upcast,
}: {
  name: string
  version: number
  upcast?: Pick<Upcast, 'from'>
}): void => {
  if (upcast === undefined || (upcast.from.name === name && upcast.from.version < version)) return
  throw new TypeError(
    `Event '${name}' v${version} has an upcast from ${upcast.from.type}; it must be from an older version of '${name}'.`,
  )
}

/**
 * Declares an event contract.
 *
 * @param declaration - see {@link EventContract}; `type` is computed, `personal` and `examples` default to none, `journaled`
 * to true.
 * @throws TypeError when the name is not dotted lower case, the version is not a positive integer, the owner is not a
 * service name, there is no `key`, a personal path is not in the schema, or an upcast is from another event or a newer version.
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
  examples?: readonly z.output<S>[]
  upcast?: Upcast<z.output<S>>
}): EventContract<z.output<S>> => {
  const { name, version, data, personal = [] } = declaration
  checkNames(declaration)
  checkParts(declaration)
  const unknown = unknownPaths(data, personal)
  if (unknown.length > 0) {
    throw new TypeError(
      `Event '${name}' marks '${unknown.join("', '")}' as personal, but its schema has no such field: ` +
        'what is marked wrongly would reach the logs. Write the path as it stands in the schema.',
    )
  }
  checkUpcast(declaration)
  return Object.freeze({
    journaled: true,
    examples: [],
    ...declaration,
    personal,
    data: z.compile(data) as unknown as z.ZodType<z.output<S>>,
    type: `${name}.v${version}`,
  })
}

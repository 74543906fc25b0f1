import type { z } from 'zod'

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
  /** The service that may emit it. */
  readonly owner: string
  /** One sentence for the reference: what has happened when this event exists. */
  readonly summary: string
  /** Schema of `data`. Strict: unknown fields are refused. */
  readonly data: z.ZodType<D>
  /** The record key: events with the same key are handled in order. */
  key(data: D): string
  /** Paths of personal fields, which never enter logs, spans, metrics, the journal or an error message. */
  readonly personal: readonly string[]
  /** False for the mesh's own bookkeeping events: handling them is not journaled again. */
  readonly journaled: boolean
}

/** The data type that a contract describes. */
export type DataOf<C> = C extends EventContract<infer D> ? D : never

/**
 * Declares an event contract.
 *
 * @param declaration - see {@link EventContract}; `type` is computed, `personal` defaults to none, `journaled` to true.
 * @throws TypeError when the name is not dotted lower case or the version is not a positive integer.
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
  const { name, version } = declaration
  if (!/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/.test(name)) {
    throw new TypeError(`Event name '${name}' must be dotted lower case, such as 'order.placed'.`)
  }
  if (!Number.isInteger(version) || version < 1) {
    throw new TypeError(`Event '${name}' has version ${version}; a major version is an integer from 1.`)
  }
  return Object.freeze({
    personal: [],
    journaled: true,
    ...declaration,
    data: declaration.data as unknown as z.ZodType<z.output<S>>,
    type: `${name}.v${version}`,
  })
}

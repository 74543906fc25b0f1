import type { DataOf, EventContract } from '@commerce-mesh/contracts'
import type { z } from 'zod'

/** A notification as it came in, before anything of it is believed. */
export type SourceRequest = {
  /** Names in lower case, as Node hands them over. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The raw body: what signatures are made of. */
  readonly body: Uint8Array
}

/** An event that a notification comes to. */
export type SourceEvent = {
  readonly contract: EventContract
  readonly data: unknown
  /** The same each time that the provider sends this notification, so that it counts once. */
  readonly id: string
}

/** What a notification comes to. `ignored` names the reason in a word, for metrics and logs: `event-type`. */
export type SourceReading =
  | { readonly events: readonly SourceEvent[] }
  | { readonly ignored: string }
  /** The notification is not what the provider documents: 422, with what is wrong at which path. No values. */
  | { readonly errors: readonly { readonly path: string; readonly message: string }[] }

/** An adapter at the edge that turns a provider's notification into events: `POST /webhooks/{name}`. */
export type Source<O = unknown> = {
  /** Lower-case letters, digits and dashes; the last part of the webhook's address. */
  readonly name: string
  /** What it may emit. */
  readonly emits: readonly EventContract[]
  /** Schema of its section in mesh.yaml; secrets are marked with `.meta({ secret: true })`. */
  readonly options: z.ZodType<O>
  /** The secrets in force. Without any nothing is taken, and `mesh validate` says so. */
  secrets(options: O): readonly string[]
  /** Checks the signature over the raw body, in constant time; false: 401, and nothing is looked at. */
  verify(request: SourceRequest, options: O, now: Date): boolean
  /** Reads the body, parsed as JSON, of a request whose signature is right. Pure. */
  read(body: unknown, options: O): SourceReading
}

/** Declares a source. */
export const defineSource = <O>(source: Source<O>): Source<O> => Object.freeze(source)

/** An event of a source, typed by its contract. */
export const sourceEvent = <C extends EventContract>(
  contract: C,
  data: DataOf<C>,
  id: string,
): SourceEvent => ({
  contract,
  data,
  id,
})

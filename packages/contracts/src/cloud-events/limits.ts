/**
 * Largest event that the codec writes or reads, in bytes of attributes and data together. Kafka takes 1 MiB by default
 * (`max.message.bytes`), with the key and the framing of a record and its batch; what passes here must pass there too.
 */
export const MAX_EVENT_BYTES = 1_000_000

/** Longest attribute value, in UTF-16 units. The specification sets none; HTTP servers refuse much more. */
export const MAX_ATTRIBUTE_LENGTH = 4096

/** Longest attribute name. The specification advises 20 ("Naming Conventions"). */
export const MAX_ATTRIBUTE_NAME_LENGTH = 64

/** Most extension attributes of one event. */
export const MAX_EXTENSIONS = 100

/** Most findings that an error lists; a last one counts the rest, so that a hostile event can't fill the memory. */
export const MAX_FINDINGS = 100

/** Settings of the codec. */
export type CodecOptions = {
  /** Largest event in bytes; {@link MAX_EVENT_BYTES} where absent. */
  readonly maxBytes?: number
}

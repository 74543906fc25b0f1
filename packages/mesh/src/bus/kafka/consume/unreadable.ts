/** What kafkajs, its codecs and zlib throw when they can't decode what came. */
const UNREADABLE = new Set([
  'KafkaJSNotImplemented',
  'KafkaJSInvalidLongError',
  'KafkaJSInvalidVarIntError',
  'KafkaJSPartialMessageError',
  'KafkaJSUnsupportedMagicByteInMessageSet',
  'RangeError',
  'TypeError',
])

/** Whether an answer came and could not be decoded; anything else is a matter of the connection. */
export const isUnreadable = (thrown: unknown): boolean => {
  if (!Error.isError(thrown)) return false
  const { code } = thrown as NodeJS.ErrnoException
  return UNREADABLE.has(thrown.name) || (typeof code === 'string' && /^(Z_|ZSTD_|ERR_BUFFER)/.test(code))
}

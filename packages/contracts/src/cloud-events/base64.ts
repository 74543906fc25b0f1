/** RFC 4648 section 4. */
export const encodeBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** Bytes of RFC 4648 section 4 text, or undefined where it is none. */
export const decodeBase64 = (text: string): Uint8Array | undefined => {
  // Node's decoder takes anything; only the true encoding comes out again as it went in.
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
}

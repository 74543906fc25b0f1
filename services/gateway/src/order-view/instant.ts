const CANONICAL_LENGTH = '2026-01-01T00:00:00.000Z'.length

/**
 * An RFC 3339 instant in the one form that sorts as text: UTC with milliseconds.
 *
 * @param text - anything else than an instant counts as the epoch, so that a strange record can't stop the view.
 */
export const sortable = (text: string): string => {
  if (text.length === CANONICAL_LENGTH && text.endsWith('Z')) return text
  const time = Date.parse(text)
  return new Date(Number.isNaN(time) ? 0 : time).toISOString()
}

/** A packing that went wrong, in words for a person: what happened, and what to do. */
export class PackError extends Error {
  name = 'PackError'

  constructor(happened, action) {
    super(`${happened}\n  ${action}`)
  }
}

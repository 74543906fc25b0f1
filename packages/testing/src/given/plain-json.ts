const isPlainObject = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Path of the first value that a JSON document can't hold (a Date, a Map, NaN, a function); undefined where there is none. */
export const firstNotJson = (value: unknown, path: string): string | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path
  if (typeof value !== 'object') return path
  if (!Array.isArray(value) && !isPlainObject(value)) return path
  for (const [name, inner] of Object.entries(value)) {
    // An absent optional field is often written as undefined; JSON leaves it out, and so do the stores.
    const found =
      inner === undefined && !Array.isArray(value) ? undefined : firstNotJson(inner, `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** A copy as a store would give it back, frozen all the way down, so that a handler that changes its input fails. */
export const storedCopy = <S>(state: S): S =>
  state === undefined
    ? state
    : JSON.parse(JSON.stringify(state), (_name, value: unknown) => Object.freeze(value))

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

/**
 * Freezes lists and plain objects all the way down: whoever is given them can't change what belongs to the mesh. Anything else
 * stays as it is; so does what is frozen already.
 */
export const frozen = <T>(value: T): T => {
  // No call within a call: what comes from outside may be nested deeper than the stack goes.
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null || Object.isFrozen(next) || !isPlain(next)) continue
    Object.freeze(next)
    for (const inner of Object.values(next)) open.push(inner)
  }
  return value
}

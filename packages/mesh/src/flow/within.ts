/** Gives work a deadline; what it does later is nobody's any more. @throws what `late` makes, and whatever the work throws */
export const within = async <T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> => {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late()), ms)
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}

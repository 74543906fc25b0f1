/** The collection of a service that has never run is not declared yet: it holds nothing. */
export const whereDeclared = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read()
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined
    throw thrown
  }
}

/**
 * How many single-character edits (insert, delete, replace, swap of neighbours) turn one word into the other
 * (optimal string alignment distance).
 */
export const editDistance = (from: string, to: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    beforeLast = last
    last = row
  }
  return last[to.length] ?? 0
}

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_\s]/g, '')

/**
 * The known word that was most likely meant, or undefined when none is near. Case, dashes and underscores do not
 * count; beyond that a third of the letters may be wrong.
 */
export const nearestKey = (word: string, known: readonly string[]): string | undefined => {
  const meant = plain(word)
  const most = Math.max(1, Math.floor(meant.length / 3))
  // A word may come from anybody, and be long: it is compared only with what can be near.
  const [best] = known
    .filter((candidate) => Math.abs(plain(candidate).length - meant.length) <= most)
    .map((candidate) => ({ candidate, distance: editDistance(meant, plain(candidate)) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
  return best?.candidate
}

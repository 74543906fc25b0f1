/**
 * How many single-character edits (insert, delete, replace) turn one text into the other; `most` + 1 where it is more than
 * `most`.
 */
export const editDistance = (from: string, to: string, most: number): number => {
  if (Math.abs(from.length - to.length) > most) return most + 1
  let above = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let at = 1; at <= to.length; at += 1) {
      const kept = (above[at - 1] ?? 0) + (from[row - 1] === to[at - 1] ? 0 : 1)
      current[at] = Math.min(kept, (above[at] ?? 0) + 1, (current[at - 1] ?? 0) + 1)
    }
    if (Math.min(...current) > most) return most + 1
    above = current
  }
  return Math.min(above[to.length] ?? 0, most + 1)
}

/** Says one line to the person at the keyboard. */
export type Say = (line: string) => void

/** How long something takes the first time: the line says it. */
export type Longer = { readonly doing: string; readonly takes: string; readonly done: string }

/** How often a log that is no terminal is told that something still goes on, in milliseconds. */
const EVERY_MS = 15_000

/**
 * Does something that takes longer, and shows that it goes on.
 *
 * @returns what `work` returns.
 */
export const withProgress = async <T>(
  say: Say,
  { doing, takes, done }: Longer,
  work: () => Promise<T>,
): Promise<T> => {
  const started = performance.now()
  const seconds = () => Math.round((performance.now() - started) / 1_000)
  const isTerminal = process.stderr.isTTY
  say(`${doing}; ${takes} …`)
  const beat = isTerminal
    ? () => void process.stderr.write(`\r  ${seconds()} s `)
    : () => say(`  still at it, ${seconds()} s`)
  const timer = setInterval(beat, isTerminal ? 1_000 : EVERY_MS)
  try {
    const result = await work()
    clearInterval(timer)
    if (isTerminal) process.stderr.write('\r\u001B[K')
    say(`${done} in ${seconds()} s.`)
    return result
  } finally {
    clearInterval(timer)
  }
}

/** Says nothing. */
export const silent: Say = () => {}

import { MeshError } from './mesh-error.ts'

const SHOWN_FRAMES = 5

// Messages may have several lines, and stand in front of the frames.
const FRAME = /^ {4}at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\))$/

/** What may be logged of any error: a MeshError has a code and words of our own, and needs no stack. */
export const describeFailure = (thrown: unknown): Readonly<Record<string, unknown>> =>
  thrown instanceof MeshError ? { code: thrown.code, message: thrown.message } : describeThrown(thrown)

/** Where an error was thrown, innermost first, without any of its words; nothing of what is no error. */
export const framesOf = (thrown: unknown): readonly string[] => {
  if (!Error.isError(thrown)) return []
  const message = String(thrown.message)
  return (thrown.stack ?? '').split('\n').filter((line) => FRAME.test(line) && !message.includes(line))
}

/** What may be logged of an unknown error: its name and where it was thrown, never its words (promise 11). */
export const describeThrown = (thrown: unknown): { name: string; stack?: string[] } => {
  if (!Error.isError(thrown)) return { name: typeof thrown }
  return { name: thrown.name, stack: framesOf(thrown).slice(0, SHOWN_FRAMES) }
}

import { pause } from '../../../flow/pause.ts'

/** Waits for work, but no longer than `ms`; whatever becomes of it, this resolves, and leaves no timer behind. */
export const atMost = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const over = new AbortController()
  const end = () => over.abort()
  work.then(end, end)
  await pause(ms, over.signal)
}

import type { Child } from '../process/child.ts'

/** What the sandbox LMS has counted since its start. */
type LmsStats = { readonly requests: number; readonly effects: number; readonly maxInFlight: number }

/** Asks the sandbox LMS what it has counted. */
export const stats = async (lms: Child): Promise<LmsStats> =>
  (await (await fetch(`${String(lms.ready['url'])}/_sandbox/stats`)).json()) as LmsStats

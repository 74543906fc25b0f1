import { isMeshError } from '@commerce-mesh/mesh'
import { refusalOf } from '../problem/problem.ts'
import { SourceFault } from '../webhooks/source-fault.ts'
import type { Log } from './log.ts'

/** One line per second for each kind of trouble: while the bus is down every request fails alike. */
const EVERY_MS = 1_000

/** Frames without the message, which stands before them: a message nobody foresaw may hold personal data (promise 11). */
const framesOf = (thrown: unknown): readonly string[] => {
  if (!Error.isError(thrown)) return []
  const [stack, message] = [String(thrown.stack), String(thrown.message)]
  const above = stack.indexOf(message)
  // A message that was changed later stands elsewhere: its lines could pass for frames.
  if (above < 0) return []
  return stack
    .slice(above + message.length)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
}

/** What is no usual name may have been made of what was read. */
const nameOf = (thrown: unknown): string => {
  if (!Error.isError(thrown)) return typeof thrown
  return /^\w{1,64}$/.test(thrown.name) ? thrown.name : 'Error'
}

/** The mesh's own words: about the place of the keys (URL or file, status or error code), or about a source of a plugin. */
const reasonOf = (thrown: unknown) => {
  if (isMeshError(thrown, 'MESH_IDENTITY_UNAVAILABLE')) return { reason: thrown.message }
  return thrown instanceof SourceFault ? { source: thrown.source, reason: thrown.message } : {}
}

/** A source's fault is shown where it happened. */
const originOf = (thrown: unknown): unknown =>
  thrown instanceof SourceFault && thrown.cause !== undefined ? thrown.cause : thrown

/** Notes a request that failed through no fault of its caller. */
export type FaultLog = (path: string, thrown: unknown, traceId: string) => void

/**
 * Makes a log of faults that does not flood: at most a line per second for each code and path; `alike` says how many were
 * left out since the last. All are in the metrics.
 *
 * @param now - milliseconds of a clock that goes forward.
 */
export const createFaultLog = (log: Log, now: () => number): FaultLog => {
  const kinds = new Map<string, { at: number; alike: number }>()
  return (path, thrown, traceId) => {
    const { status, code } = refusalOf(thrown)
    const kind = `${code} ${path}`
    const last = kinds.get(kind)
    if (last !== undefined && now() - last.at < EVERY_MS) {
      last.alike += 1
      return
    }
    kinds.set(kind, { at: now(), alike: 0 })
    const what = {
      code,
      status,
      route: path,
      trace_id: traceId,
      alike: last?.alike ?? 0,
      ...reasonOf(thrown),
    }
    if (status !== 500) log.warn(what, 'a request could not be accepted')
    else {
      const origin = originOf(thrown)
      log.error({ ...what, error: nameOf(origin), frames: framesOf(origin) }, 'a request failed unexpectedly')
    }
  }
}

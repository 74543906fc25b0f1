import { isMeshError } from '@commerce-mesh/mesh'
import { refusalOf } from '../problem/problem.ts'
import type { Log } from './log.ts'

/** One line per second for each kind of trouble: while the bus is down every request fails alike. */
const EVERY_MS = 1_000

/** Frames without the message: a message nobody foresaw may hold personal data (promise 11). */
const framesOf = (thrown: unknown) =>
  Error.isError(thrown) ? (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []

const nameOf = (thrown: unknown) => (Error.isError(thrown) ? thrown.name : typeof thrown)

/** The mesh's own words about the place of the keys: URL or file, status or error code, nothing of the request. */
const reasonOf = (thrown: unknown) =>
  isMeshError(thrown, 'MESH_IDENTITY_UNAVAILABLE') ? { reason: thrown.message } : {}

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
    else
      log.error({ ...what, error: nameOf(thrown), frames: framesOf(thrown) }, 'a request failed unexpectedly')
  }
}

import type { MongoClient } from 'mongodb'
import type { Logger } from 'pino'
import { MeshError } from '../../errors/mesh-error.ts'
import { within } from '../../flow/within.ts'
import { hostsOf, takesWrites } from './client.ts'
import { mongodbFailure } from './failure.ts'

/** What a request does: while writes fail, reads that succeed prove nothing. */
export type RequestKind = 'read' | 'write'

/** Watches over the requests to a server. */
export type Availability = {
  /**
   * Makes a request. A write that failed may have been done, or may still be.
   *
   * @param deadlineMs - the timeout of the settings when absent.
   * @throws MeshError MESH_STORE_UNAVAILABLE when there is no answer in time; whatever else `request` throws.
   */
  run<T>(kind: RequestKind, request: () => Promise<T>, deadlineMs?: number): Promise<T>
  /** Why the store can't work, for people; undefined while all is well. */
  problem(): string | undefined
  /** Aborts when the store closes. */
  readonly closing: AbortSignal
  /** Takes no further requests, lets those that run come to their end, closes the client. */
  close(): Promise<void>
}

/** Makes the watch over a client's requests. `probe`: a small request of a kind, to find out whether all is well again. */
export const createAvailability = (parts: {
  readonly client: MongoClient
  readonly timeoutMs: number
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly probe: (kind: RequestKind) => Promise<unknown>
}): Availability => {
  const { client, timeoutMs, log } = parts
  const hosts = hostsOf(client)
  const closing = new AbortController()
  const running = new Set<Promise<unknown>>()
  const failing = new Map<RequestKind, string>()
  let reachable = true
  let probing = false
  let closed: Promise<void> | undefined

  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    reachable = takesWrites(newDescription)
  })

  const late = (ms: number) => () =>
    new MeshError('MESH_STORE_UNAVAILABLE', `MongoDB at ${hosts} did not answer within ${ms} ms.`)

  const tell = (kind: RequestKind, failure: MeshError) => {
    if (failing.size === 0) log.warn({ code: failure.code }, failure.message)
    failing.set(kind, failure.message)
  }

  const tellEnd = (kind: RequestKind) => {
    if (failing.size === 0) return
    failing.delete(kind)
    if (kind === 'write') failing.clear()
    if (failing.size === 0) log.info(`MongoDB at ${hosts} answers again.`)
  }

  const attempt = async <T>(kind: RequestKind, request: () => Promise<T>, ms: number): Promise<T> => {
    try {
      const answer = await within(request(), ms, late(ms))
      tellEnd(kind)
      return answer
    } catch (thrown) {
      const failure = mongodbFailure(thrown, hosts)
      const isOutage = failure instanceof MeshError && failure.code === 'MESH_STORE_UNAVAILABLE'
      if (isOutage && !closing.signal.aborted) tell(kind, failure)
      throw failure
    }
  }

  const run: Availability['run'] = async (kind, request, deadlineMs = timeoutMs) => {
    if (closing.signal.aborted) throw new MeshError('MESH_STORE_UNAVAILABLE', 'The store is closed.')
    const answer = attempt(kind, request, deadlineMs)
    running.add(answer)
    try {
      return await answer
    } finally {
      running.delete(answer)
    }
  }

  /** Without it a process that gets no traffic while it is unready would stay unready. */
  const probe = (kind: RequestKind) => {
    if (probing) return
    probing = true
    void run(kind, () => parts.probe(kind))
      .catch(() => {})
      .finally(() => {
        probing = false
      })
  }

  const close = async () => {
    closing.abort()
    const late = () => new Error('Left behind.')
    await within(Promise.allSettled(running), timeoutMs, late).catch(() => {})
    await within(client.close(), timeoutMs, late).catch(() => {})
  }

  return {
    run,
    problem: () => {
      if (closing.signal.aborted) return 'The store is closed.'
      const [kind, failure] = [...failing].toSorted(([a], [b]) => (a > b ? -1 : 1))[0] ?? []
      if (kind !== undefined) probe(kind)
      return (
        failure ?? (reachable ? undefined : `No MongoDB server that takes writes can be reached at ${hosts}.`)
      )
    },
    closing: closing.signal,
    close: () => (closed ??= close()),
  }
}

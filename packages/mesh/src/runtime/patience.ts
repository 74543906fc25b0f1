import type { Logger } from 'pino'
import { MeshError, isMeshError } from '../errors/mesh-error.ts'
import { pause } from '../flow/pause.ts'

/** A cluster that starts together needs about this long. */
const PATIENCE_MS = 60_000
const AGAIN_MS = 1_000

/**
 * Does what needs engines elsewhere, again while they can't be reached: in a cluster everything starts at once, and a
 * broker takes longer than we do.
 *
 * @throws what `work` threw last when a minute has passed or `signal` aborts, and at once what waiting does not mend.
 */
export const patiently = async <T>(
  work: () => Promise<T>,
  {
    log,
    signal,
    now = () => performance.now(),
  }: { log: Pick<Logger, 'warn'>; signal?: AbortSignal | undefined; now?: () => number },
): Promise<T> => {
  const end = now() + PATIENCE_MS
  for (;;) {
    try {
      return await work()
    } catch (thrown) {
      const isOutage = isMeshError(thrown, 'MESH_BUS_UNAVAILABLE', 'MESH_STORE_UNAVAILABLE')
      if (!isOutage || thrown.lasting) throw thrown
      if (now() + AGAIN_MS > end)
        throw new MeshError(thrown.code, `${thrown.message} Gave up after ${PATIENCE_MS / 1_000} s.`, {
          cause: thrown,
          action: thrown.action,
        })
      log.warn({ code: thrown.code }, `${thrown.message} Trying again.`)
      if (!(await pause(AGAIN_MS, signal))) throw thrown
    }
  }
}

import path from 'node:path'
import { framesOf } from '@commerce-mesh/mesh'
import type { Logger } from 'pino'

const SHOWN_FRAMES = 5

const isWithin = (frame: string, ...folder: readonly string[]): boolean =>
  frame.includes(`${path.join(...folder)}${path.sep}`)

const isOfMesh = (frame: string, root: string): boolean =>
  isWithin(frame, root, 'packages') ||
  isWithin(frame, root, 'services') ||
  isWithin(frame, 'node_modules', '@commerce-mesh')

/** Frames of neither Node, the mesh nor a package: whose fault it is. */
const pluginFrames = (thrown: unknown, root: string): readonly string[] =>
  framesOf(thrown).filter(
    (frame) => !frame.includes('node:') && !isOfMesh(frame, root) && !isWithin(frame, 'node_modules'),
  )

/**
 * Whether a fault that nobody waits for may be lived with: it is a plugin's, and the process would come to it again at each start.
 * A fault of the mesh's own ends the process, which is then started anew and loses nothing; so does what was thrown by a package
 * outside of any promise.
 *
 * @param root - of the mesh's own code.
 */
export const isStray = (thrown: unknown, root: string, isRejection: boolean): boolean =>
  pluginFrames(thrown, root).length > 0 ||
  (isRejection && !framesOf(thrown).some((frame) => isOfMesh(frame, root)))

/** Never the error's words: they may hold what the handler was working on (promise 11). */
export const describeStray = (thrown: unknown, root: string) => ({
  code: 'MESH_PLUGIN_ASTRAY',
  error: Error.isError(thrown) ? thrown.name : typeof thrown,
  at: pluginFrames(thrown, root)
    .slice(0, SHOWN_FRAMES)
    .map((frame) => frame.trim()),
})

/**
 * Does the work while a promise that a plugin forgot to await does not end the process.
 *
 * @param root - of the mesh's own code.
 */
export const amidStrayFaults = async <T>(
  log: Pick<Logger, 'error'>,
  root: string,
  work: () => Promise<T>,
): Promise<T> => {
  const meet = (thrown: unknown, isRejection: boolean) => {
    if (!isStray(thrown, root, isRejection)) {
      end()
      throw thrown
    }
    log.error(
      describeStray(thrown, root),
      'code of a plugin failed where nobody waits for it; the mesh goes on',
    )
  }
  const onRejection = (thrown: unknown) => meet(thrown, true)
  const onException = (thrown: unknown) => meet(thrown, false)
  const end = () => {
    process.off('unhandledRejection', onRejection)
    process.off('uncaughtException', onException)
  }
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return work().finally(end)
}

import { eventually } from '@commerce-mesh/testing'
import { type Child, startChild } from '../process/child.ts'
import { freePort } from './free-port.ts'
import { JWT_SECRET, STRIPE_SECRET } from './storefront.ts'

/** A mesh that is killed and started again, and the LMS whose record outlives it. */
export type World = {
  readonly lms: Child
  /** Where the mesh answers, whenever it runs. */
  readonly url: string
  start(failpoints?: string): Promise<void>
  /** SIGKILL, and wait for the end. */
  kill(): Promise<void>
  /** Resolves when the process is gone, however it went. */
  gone(): Promise<void>
  running(): boolean
  /** Resolves when nothing seems to be on its way; cheap, unlike an audit. */
  settled(): Promise<void>
  audit(): Promise<{
    drift: number
    services: readonly {
      service: string
      accepted: number
      inFlight: number
      waiting: number
      unpublished: number
    }[]
  }>
  close(): Promise<void>
}

/** Starts the LMS; the mesh is started by `start`. */
export const createWorld = async (folder: string): Promise<World> => {
  const lms = await startChild('lms', {
    throttle: false,
    autoCreate: true,
    journalFile: `${folder}/effects.jsonl`,
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let mesh: Child | undefined

  const gone = async () => {
    await mesh?.exited
    mesh = undefined
  }

  return {
    lms,
    url,
    start: async (failpoints = '') => {
      const settings = {
        data: `${folder}/mesh`,
        lmsUrl: lms.ready['url'],
        port,
        jwtSecret: JWT_SECRET,
        stripeSecret: STRIPE_SECRET,
      }
      mesh = await startChild('mesh', settings, { MESH_FAILPOINTS: failpoints }).catch((thrown: unknown) => {
        // A failpoint may strike before the mesh is ready; that is a crash like any other.
        if (failpoints === '') throw thrown
        return undefined
      })
      if (mesh !== undefined && failpoints === '')
        await eventually(async () => (await fetch(`${url}/readyz`)).ok, { what: 'ready', timeoutMs: 30_000 })
    },
    kill: async () => {
      if (mesh !== undefined) process.kill(mesh.pid, 'SIGKILL')
      await gone()
    },
    gone,
    running: () => mesh?.alive() ?? false,
    settled: async () => void (await mesh?.ask('settled')),
    audit: async () => (await mesh?.ask('audit')) as Awaited<ReturnType<World['audit']>>,
    close: async () => {
      if (mesh?.alive()) await mesh.stop()
      await lms.stop()
    },
  }
}

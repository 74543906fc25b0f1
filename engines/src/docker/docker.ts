import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ContainerRuntimeClient } from 'testcontainers'
import { EngineError } from '../engine-error.ts'
import { untilReady } from '../process/ready.ts'
import { withProgress } from '../progress.ts'
import type { Say } from '../progress.ts'
import { createRequest } from './container.ts'
import type { ContainerSpec } from './container.ts'

/** A Docker daemon that answers, as testcontainers finds it: DOCKER_HOST, contexts, rootless, Desktop. */
export type Docker = ContainerRuntimeClient

/** How long an image may take to be pulled, in milliseconds. */
const PULL_MS = 180_000

/** How long a container may take until it can be used, in milliseconds. */
const START_MS = 120_000

// With the volumes that have no name; those with one stay.
const GONE = { force: true, v: true }

const LOCAL = new Set(['localhost', '127.0.0.1', '::1'])

/** The daemon of this machine; undefined: none answers. One elsewhere would open its ports there. */
export const findDocker = async (): Promise<Docker | undefined> => {
  const { getContainerRuntimeClient } = await import('testcontainers')
  const docker = await getContainerRuntimeClient().catch(() => undefined)
  return docker !== undefined && LOCAL.has(docker.info.containerRuntime.host) ? docker : undefined
}

/** Whether an image is here, or can be had within three minutes. */
export const haveImage = async (docker: Docker, image: string, say: Say): Promise<boolean> => {
  const { ImageName } = await import('testcontainers')
  const name = ImageName.fromString(image)
  if (await docker.image.exists(name)) return true
  const line = {
    doing: `Pulling ${image}`,
    takes: 'once; given up after three minutes',
    done: 'Ended the pull',
  }
  await withProgress(say, line, () =>
    Promise.race([docker.image.pull(name).catch(() => {}), delay(PULL_MS, undefined, { ref: false })]),
  )
  return docker.image.exists(name)
}

/** Name of the container and of its volume: one for each set of engines. */
export const containerName = (home: string, engine: string): string =>
  `commerce-mesh-${engine}-${createHash('sha256').update(home).digest('hex').slice(0, 8)}`

/** Removes a container that goes by a name, if there is one. */
const removeByName = async (docker: Docker, name: string): Promise<void> => {
  const found = (await docker.container.dockerode.listContainers({ all: true })).find(({ Names }) =>
    Names.includes(`/${name}`),
  )
  if (found !== undefined) await docker.container.getById(found.Id).remove(GONE)
}

/** Starts a container that outlives this process. @returns its id @throws EngineError */
export const startContainer = async (
  docker: Docker,
  engine: string,
  name: string,
  image: string,
  spec: ContainerSpec,
): Promise<string> => {
  try {
    await removeByName(docker, name)
    const container = await docker.container.create(createRequest(engine, name, image, spec))
    await container.start()
    return container.id
  } catch (cause) {
    throw new EngineError(
      `Docker could not start ${image}: ${Error.isError(cause) ? cause.message : String(cause)}`,
      'Mend it, or use the recipe: MESH_ENGINES=recipe.',
      { cause },
    )
  }
}

/** Whether a container runs. */
export const containerRuns = async (docker: Docker, id: string): Promise<boolean> => {
  const found = await docker.container
    .getById(id)
    .inspect()
    .catch(() => undefined)
  return found?.State.Running === true
}

/** Waits until what runs in a container can be used. @throws EngineError with the end of its log */
export const untilContainerAnswers = async (
  docker: Docker,
  id: string,
  what: string,
  ask: () => Promise<boolean>,
): Promise<void> => {
  try {
    const hasEnded = async () => !(await containerRuns(docker, id))
    await untilReady({ what, hasEnded, ask, timeoutMs: START_MS })
  } catch (cause) {
    const log = await docker.container.getById(id).logs({ stdout: true, stderr: true, tail: 12 })
    throw new EngineError(`${what} is not ready in its container:\n${log.toString()}`, `docker logs ${id}`, {
      cause,
    })
  }
}

/** Stops and removes a container; its volume stays. @param graceMs time between SIGTERM and SIGKILL, in milliseconds */
export const stopContainer = async (docker: Docker, id: string, graceMs: number): Promise<void> => {
  const container = docker.container.getById(id)
  await container.stop({ t: Math.ceil(graceMs / 1_000) }).catch(() => {})
  await container.remove(GONE).catch(() => {})
}

/** Removes a volume, if there is one. */
export const removeVolume = async (docker: Docker, name: string): Promise<void> => {
  await docker.container.dockerode
    .getVolume(name)
    .remove()
    .catch(() => {})
}

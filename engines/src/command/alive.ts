import { containerRuns, findDocker } from '../docker/docker.ts'
import { idOf } from '../engine/engine.ts'
import { isRunning } from '../process/identity.ts'
import type { EngineRecord } from '../state/state.ts'

/** Whether everything that an engine consists of runs, some of it, or nothing. */
export type Aliveness = 'running' | 'partly' | 'ended'

const inDocker = async (container: string): Promise<Aliveness> => {
  const docker = await findDocker()
  return docker !== undefined && (await containerRuns(docker, container)) ? 'running' : 'ended'
}

/** Looks whether what was started still runs. */
export const alivenessOf = async ({ container, processes }: EngineRecord): Promise<Aliveness> => {
  if (container !== undefined) return inDocker(container)
  const alive = processes.filter((record) => isRunning(idOf(record))).length
  if (alive === processes.length) return 'running'
  return alive === 0 ? 'ended' : 'partly'
}

import { findDocker, stopContainer } from '../docker/docker.ts'
import { idOf } from '../engine/engine.ts'
import type { Engine, EngineName } from '../engine/engine.ts'
import { engineOf } from '../engine/engines.ts'
import { EngineError } from '../engine-error.ts'
import type { Place } from '../place/place.ts'
import { stop } from '../process/stop.ts'
import type { Say } from '../progress.ts'
import { readState, withoutEngine, writeState } from '../state/state.ts'
import type { EngineRecord } from '../state/state.ts'

const stopProcesses = async ({ graceMs }: Engine, { processes }: EngineRecord): Promise<string> => {
  // The first broker is the controller, and without it the others could not say goodbye.
  const [first, ...others] = processes
  const ended = await Promise.all(others.map((record) => stop(idOf(record), graceMs)))
  if (first !== undefined) ended.push(await stop(idOf(first), graceMs))
  if (ended.every((how) => how === 'gone')) return 'had ended before'
  return ended.includes('killed') ? 'stopped; it had to be killed' : 'stopped'
}

const stopInDocker = async ({ graceMs }: Engine, container: string): Promise<string> => {
  const docker = await findDocker()
  if (docker === undefined)
    throw new EngineError(
      `No Docker daemon answers, so container ${container.slice(0, 12)} can’t be stopped.`,
      'Start Docker and run the command again.',
      { exitCode: 3 },
    )
  await stopContainer(docker, container, graceMs)
  return 'stopped'
}

/** Stops one engine and forgets it; its data stays. @returns how it ended, in words @throws EngineError */
export const stopEngine = async (place: Place, name: string, record: EngineRecord): Promise<string> => {
  const engine = engineOf(name as EngineName)
  const how = await (record.container === undefined
    ? stopProcesses(engine, record)
    : stopInDocker(engine, record.container))
  writeState(place.home, withoutEngine(readState(place.home), name))
  return how
}

/** Stops the named engines of a set that run; all when none is named. The lock is the caller's. @throws EngineError */
export const down = async (place: Place, names: readonly EngineName[], say: Say): Promise<void> => {
  const running = Object.entries(readState(place.home).running)
  const meant = running.filter(([name]) => names.length === 0 || names.includes(name as EngineName))
  if (meant.length === 0) say('Nothing runs here that was started by `npm run engines`.')
  for (const [name, record] of meant) {
    const how = await stopEngine(place, name, record)
    say(`${name}: ${how}; its data: ${record.data}`)
  }
}

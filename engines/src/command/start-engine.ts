import { rmSync } from 'node:fs'
import { imageOf } from '../docker/compose-images.ts'
import {
  containerName,
  findDocker,
  haveImage,
  removeVolume,
  startContainer,
  stopContainer,
  untilContainerAnswers,
} from '../docker/docker.ts'
import type { Docker } from '../docker/docker.ts'
import { idOf } from '../engine/engine.ts'
import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine-error.ts'
import { freePorts, portsLike } from '../place/free-ports.ts'
import { dataOf, repository } from '../place/place.ts'
import type { Place } from '../place/place.ts'
import { stop } from '../process/stop.ts'
import type { Say } from '../progress.ts'
import { readState, withEngine, withoutEngine, writeState } from '../state/state.ts'
import type { EngineRecord } from '../state/state.ts'
import { chooseWay } from './choose-way.ts'
import type { Choice, DockerState } from './choose-way.ts'
import type { UpOptions } from './up-options.ts'

/** An engine that is being started. */
export type Started = {
  readonly engine: Engine
  readonly record: EngineRecord
  readonly choice: Choice
  /** Resolves when it can be used. @throws EngineError; it has been stopped again then. */
  untilReady(): Promise<void>
}

/** What one engine is started with. */
export type StartPlan = Pick<UpOptions, 'place' | 'demanded' | 'fresh' | 'ownPorts' | 'say'> & {
  readonly engine: Engine
  /** Number of brokers; 1 for all but Kafka. */
  readonly size: number
}

const lookAtDocker =
  ({ composeService }: Engine, say: Say) =>
  async (): Promise<DockerState> => {
    const docker = await findDocker()
    if (docker === undefined) return { is: 'absent' }
    const image = imageOf(repository, composeService)
    return (await haveImage(docker, image, say)) ? { is: 'ready' } : { is: 'without image', image }
  }

const portsFor = ({ engine, size, place, ownPorts }: StartPlan): Promise<readonly number[]> => {
  const known = engine.knownPorts(size)
  if (ownPorts) return freePorts(known.length)
  const last = readState(place.home).ports[engine.name]
  return portsLike(last?.length === known.length ? last : known)
}

const forget = (place: Place, { name }: Engine): void =>
  writeState(place.home, withoutEngine(readState(place.home), name))

// Noted before it is ready: whoever is interrupted meanwhile finds it by `status` and ends it by `down`.
const note = (place: Place, { name }: Engine, record: EngineRecord): void =>
  writeState(place.home, withEngine(readState(place.home), name, record))

const common = ({ engine }: StartPlan, ports: readonly number[]) => ({
  since: new Date().toISOString(),
  addresses: { ...engine.addresses(ports) },
  ports: [...ports],
})

const startByRecipe = async (plan: StartPlan, choice: Choice, ports: readonly number[]): Promise<Started> => {
  const { engine, place, size, fresh, say } = plan
  const data = dataOf(place, size > 1 ? `${engine.name}-${size}` : engine.name)
  if (fresh) rmSync(data, { recursive: true, force: true })
  const recipe = { data, ports, recipes: place.recipes, say }
  const processes = [...(await engine.launch(recipe))]
  const logs = [...engine.logs(recipe)]
  const record: EngineRecord = { by: 'recipe', ...common(plan, ports), data, logs, processes }
  note(place, engine, record)
  const untilReady = async () => {
    try {
      await engine.untilReady(recipe, processes)
    } catch (thrown) {
      await Promise.all(processes.map((one) => stop(idOf(one), engine.graceMs)))
      forget(place, engine)
      throw thrown
    }
  }
  return { engine, record, choice, untilReady }
}

const dockerOrThrow = async (): Promise<Docker> => {
  const docker = await findDocker()
  if (docker === undefined)
    throw new EngineError('The Docker daemon went away.', 'Start it again.', { exitCode: 3 })
  return docker
}

const startInDocker = async (plan: StartPlan, choice: Choice, ports: readonly number[]): Promise<Started> => {
  const { engine, place, fresh } = plan
  const docker = await dockerOrThrow()
  const name = containerName(place.home, engine.name)
  if (fresh) await removeVolume(docker, name)
  const image = imageOf(repository, engine.composeService)
  const spec = engine.container(ports)
  const container = await startContainer(docker, engine.name, name, image, spec)
  const data = spec.volume === undefined ? 'memory, for as long as it runs' : `the Docker volume ${name}`
  const record: EngineRecord = {
    by: 'docker',
    ...common(plan, ports),
    data,
    logs: [],
    processes: [],
    container,
  }
  note(place, engine, record)
  const untilReady = async () => {
    try {
      await untilContainerAnswers(docker, container, engine.label.docker, () => engine.answersInDocker(ports))
    } catch (thrown) {
      await stopContainer(docker, container, engine.graceMs)
      forget(place, engine)
      throw thrown
    }
  }
  return { engine, record, choice, untilReady }
}

/** Starts one engine that does not run; it is not ready yet. The lock is the caller's. @throws EngineError */
export const startEngine = async (plan: StartPlan): Promise<Started> => {
  const choice = await chooseWay(plan.demanded, plan.size, lookAtDocker(plan.engine, plan.say))
  plan.say(`${plan.engine.name}: ${plan.engine.label[choice.way]}, by ${choice.way} (${choice.why})`)
  const ports = await portsFor(plan)
  return choice.way === 'recipe' ? startByRecipe(plan, choice, ports) : startInDocker(plan, choice, ports)
}

import type { ContainerSpec } from '../docker/container.ts'
import type { Say } from '../progress.ts'
import type { ProcessRecord } from '../state/state.ts'

/** The engines that can be started. */
export type EngineName = 'kafka' | 'mongo' | 'jaeger'

/** How an engine is started: with programs of this machine, or in a container. */
export type Way = 'recipe' | 'docker'

/** What starting by recipe needs to know. */
type RecipePlan = {
  /** Folder of data and logs. */
  readonly data: string
  readonly ports: readonly number[]
  /** Folder of what is fetched or built once. */
  readonly recipes: string
  readonly say: Say
}

/** One engine and its two ways of being started. */
export type Engine = {
  readonly name: EngineName
  /** What it really is, by how it is started: whoever reads figures must know. */
  readonly label: Readonly<Record<Way, string>>
  /** Its name in docker-compose.yml. */
  readonly composeService: string
  /** The ports that everybody knows; taken where they are free. @param size number of brokers; 1 for all but Kafka */
  knownPorts(size: number): readonly number[]
  /** What clients need, by name. */
  addresses(ports: readonly number[]): Readonly<Record<string, string>>
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly graceMs: number
  /** Fetches what is missing and starts the processes; they are not ready yet. @throws EngineError */
  launch(plan: RecipePlan): Promise<readonly ProcessRecord[]>
  /** Waits until the processes can be used. @throws EngineError */
  untilReady(plan: RecipePlan, processes: readonly ProcessRecord[]): Promise<void>
  /** Log files of a recipe. */
  logs(plan: Pick<RecipePlan, 'data' | 'ports'>): readonly string[]
  /** The container. */
  container(ports: readonly number[]): ContainerSpec
  /** Whether what runs in the container can be used; may do what is due once, such as making a replica set. */
  answersInDocker(ports: readonly number[]): Promise<boolean>
  /** Variables by which the tests find it. */
  testEnvironment(addresses: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** Variables by which `mesh up` finds it where mesh.yaml names none. */
  meshEnvironment(addresses: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** Lines for mesh.yaml. */
  meshYaml(addresses: Readonly<Record<string, string>>): string
}

/** The process itself, without what was noted beside it. */
export const idOf = ({ pid, started }: ProcessRecord) => ({ pid, started })

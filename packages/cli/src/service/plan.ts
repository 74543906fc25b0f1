import { nearestKey } from '@commerce-mesh/contracts'
import { ConfigError, MeshError, readConfig } from '@commerce-mesh/mesh'
import type { Finding, MeshConfig, StartOptions } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { configFile } from '../data/place.ts'
import { BUILT_IN, type Program } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What `mesh run` is going to start. */
export type RunPlan = {
  readonly service: StartOptions['services'][number]
  readonly config: MeshConfig
  readonly warnings: readonly Finding[]
}

const NO_FILE =
  'There is no mesh.yaml here, and no --config was given: a service that runs alone needs one, with bus.driver kafka (docs/distributed.md).'

const serviceNamed = (name: string, { services }: Program): RunPlan['service'] => {
  const service = services.find((known) => known.name === name)
  if (service !== undefined) return service
  const names = services.map((known) => known.name)
  const near = nearestKey(name, names)
  throw new UsageError(
    `There is no service '${name}'.`,
    near === undefined ? `One of: ${names.join(', ')}` : `Did you mean: mesh run ${near}`,
  )
}

const portOverride = (name: string, port: number | undefined) => {
  if (port === undefined) return {}
  return name === 'gateway' ? { services: { gateway: { port } } } : { status: { port } }
}

/**
 * Works out what to start. The sections of other services are left alone: their secrets are not here.
 *
 * @throws UsageError, ConfigError or MeshError (MESH_CONFIG_INVALID)
 */
export const planRun = (input: Input, terminal: Terminal, program: Program = BUILT_IN): RunPlan => {
  const service = serviceNamed(input.argument('SERVICE'), program)
  const { config, findings, file } = readConfig(configFile(input, terminal), {
    services: [service],
    elsewhere: program.services.map(({ name }) => name).filter((name) => name !== service.name),
    mesh: program.mesh,
    env: terminal.env,
    directory: terminal.directory,
    overrides: portOverride(service.name, input.port('port')),
  })
  if (config === undefined) throw new ConfigError(findings, file === undefined ? NO_FILE : undefined)
  if (config.bus.driver === 'embedded')
    throw new MeshError(
      'MESH_CONFIG_INVALID',
      `A service that runs alone hears of the others through Kafka, and bus.driver is 'embedded'.`,
      { action: 'Set bus.driver to kafka, or run all services in one process with `mesh up`.' },
    )
  return { service, config, warnings: findings }
}

import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import type { Terminal } from '../terminal/terminal.ts'

type Section = Readonly<Record<string, unknown>>

/** Flags that choose engines, over what mesh.yaml says. */
export const ENGINE_FLAGS = {
  bus: {
    type: 'string',
    value: 'DRIVER',
    about:
      '`embedded` or `kafka`, over mesh.yaml. MESH_KAFKA=host:port is the broker where mesh.yaml names none.',
  },
  store: {
    type: 'string',
    value: 'DRIVER',
    about:
      '`sqlite` or `mongodb`, over mesh.yaml. MESH_MONGODB=mongodb://… is the server where mesh.yaml names none.',
  },
} as const

const oneOf = (input: Input, flag: 'bus' | 'store', drivers: readonly string[]): string | undefined => {
  const driver = input.text(flag)
  if (driver !== undefined && !drivers.includes(driver))
    throw new UsageError(`--${flag} must be ${drivers.join(' or ')}; it is '${driver}'.`)
  return driver
}

const filled = (text: string | undefined): string | undefined => (text === '' ? undefined : text)

/** The drivers that the command line names, as settings that go over the file. @throws UsageError */
export const chosenEngines = (input: Input): Section => {
  const bus = oneOf(input, 'bus', ['embedded', 'kafka'])
  const store = oneOf(input, 'store', ['sqlite', 'mongodb'])
  return { ...(bus && { bus: { driver: bus } }), ...(store && { store: { driver: store } }) }
}

/**
 * Engines of the environment, for where the file names none: what `npm run engines` started, with one replica. An engine
 * that has a section in the file takes nothing from here: one replica is not for the brokers of a cluster.
 *
 * @param named - whether the file has a section at this path
 */
export const engineDefaults = (
  { env }: Pick<Terminal, 'env'>,
  named: (path: readonly string[]) => boolean,
): Section => {
  const kafka = named(['bus', 'kafka']) ? undefined : filled(env['MESH_KAFKA'])
  const mongodb = named(['store', 'mongodb']) ? undefined : filled(env['MESH_MONGODB'])
  return {
    ...(kafka && { bus: { kafka: { bootstrapServers: kafka, replicationFactor: 1, minInsyncReplicas: 1 } } }),
    ...(mongodb && { store: { mongodb: { url: mongodb } } }),
  }
}

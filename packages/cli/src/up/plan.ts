import { ConfigError, readConfig, writtenAt } from '@commerce-mesh/mesh'
import type { Finding, MeshConfig } from '@commerce-mesh/mesh'
import { withoutCredentials } from '../client/address.ts'
import { portOf } from '../command/input.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { configFile, dataDirectory } from '../data/place.ts'
import { keyHashOf, openSecrets } from '../data/secrets.ts'
import type { LocalSecrets } from '../data/secrets.ts'
import { chosenEngines, engineDefaults } from '../engines/choose.ts'
import { SANDBOX_CLIENT, SANDBOX_PORT } from '../sandbox/client.ts'
import { BUILT_IN, type Program } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What `mesh up` is going to start. */
export type Plan = {
  readonly config: MeshConfig
  readonly warnings: readonly Finding[]
  readonly secrets: LocalSecrets
  readonly demo: boolean
  /** Port for a sandbox LMS in this process; undefined: none is started. */
  readonly sandboxPort: number | undefined
}

type Section = Readonly<Record<string, unknown>>

/** A service's options, as they will be parsed by its schema. */
export const sectionOf = (config: MeshConfig, service: string): Section => {
  const section = config.services[service]
  return typeof section === 'object' && section !== null ? { ...section } : {}
}

/** The configuration with some options of a service replaced. */
export const withSection = (config: MeshConfig, service: string, options: Section): MeshConfig => ({
  ...config,
  services: { ...config.services, [service]: { ...sectionOf(config, service), ...options } },
})

const gatewayPort = (input: Input, { env }: Terminal): number | undefined => {
  const inherited = env['PORT']
  return (
    input.port('port') ??
    (inherited === undefined || inherited === '' ? undefined : portOf(inherited, 'PORT'))
  )
}

const lmsAddress = (input: Input): string | undefined => {
  const url = input.text('lms')
  if (url !== undefined && !/^https?:\/\//.test(url))
    throw new UsageError(
      `--lms must be an address such as http://127.0.0.1:8081; it is '${withoutCredentials(url)}'.`,
    )
  return url
}

const overridesOf = (input: Input, terminal: Terminal, lmsUrl: string | undefined) => {
  const port = gatewayPort(input, terminal)
  return {
    ...chosenEngines(input),
    services: {
      ...(port !== undefined && { gateway: { port } }),
      ...(lmsUrl !== undefined && { fulfillment: { lms: { url: lmsUrl } } }),
    },
  }
}

const demoGateway = ({ jwtSecret, stripeWebhookSecret }: LocalSecrets) => ({
  jwt: { secret: jwtSecret },
  stripe: { secrets: [stripeWebhookSecret] },
})

/**
 * Presets stand in only where the file lacks something: the sandbox's API key must never join a real client, whose
 * calls the LMS would then not throttle, nor one replica the brokers of a cluster.
 */
const readWithPresets = (
  read: (presets: Section) => ReturnType<typeof readConfig>,
  gateway: Section,
  engines: Section,
  mayBeSandbox: boolean,
) => {
  const sandbox = mayBeSandbox ? { fulfillment: { lms: SANDBOX_CLIENT } } : {}
  const fallbacks = [
    { ...engines, services: { gateway } },
    { services: { gateway, ...sandbox } },
    { ...engines, services: { gateway, ...sandbox } },
  ]
  let result = read({ services: { gateway } })
  for (const presets of fallbacks) {
    if (result.config !== undefined) return result
    result = read(presets)
  }
  return result
}

/** The configuration with the operator among the gateway's callers, unless one of that name is there. */
export const withOperator = (config: MeshConfig, { operatorKey }: LocalSecrets): MeshConfig => {
  const { callers } = sectionOf(config, 'gateway')
  const known: readonly unknown[] = Array.isArray(callers) ? callers : []
  const named = known.some(
    (caller) =>
      typeof caller === 'object' && caller !== null && 'name' in caller && caller.name === 'operator',
  )
  if (named) return config
  const operator = {
    name: 'operator',
    keyHash: keyHashOf(operatorKey),
    scopes: ['orders:write', 'orders:read', 'operate'],
  }
  return withSection(config, 'gateway', { callers: [...known, operator] })
}

/** What helps who has no LMS yet, where that is among what is missing. */
export const sandboxHint = (findings: readonly Finding[]): string | undefined =>
  findings.some(({ code, path }) => code === 'MESH_CONFIG_MISSING' && path === 'services.fulfillment.lms')
    ? 'Without an LMS yet: `mesh up --demo` starts a sandbox LMS too.'
    : undefined

/**
 * Works out what to start: flags go over the file, the demo's and the sandbox's settings below it.
 *
 * @param program - the services, with those of plugins.
 * @throws ConfigError (MESH_CONFIG_INVALID), UsageError, MeshError MESH_DATA_NOT_WRITABLE
 */
export const planUp = (input: Input, terminal: Terminal, program: Program = BUILT_IN): Plan => {
  const demo = input.on('demo')
  const named = lmsAddress(input)
  const lmsPort = input.port('lms-port')
  if (lmsPort !== undefined && !demo)
    throw new UsageError(
      '--lms-port is for --demo, which starts the sandbox LMS.',
      'Use --lms URL for an LMS that runs already.',
    )
  const sandboxPort = demo && named === undefined ? (lmsPort ?? SANDBOX_PORT) : undefined
  const lmsUrl = named ?? (sandboxPort === undefined ? undefined : `http://127.0.0.1:${sandboxPort}`)
  const overrides = overridesOf(input, terminal, lmsUrl)
  const data = dataDirectory(input, terminal)
  const gateway = demo ? demoGateway(openSecrets(data)) : {}
  const file = configFile(input, terminal)
  const read = (presets: Section) =>
    readConfig(file, {
      services: program.services,
      mesh: program.mesh,
      env: terminal.env,
      directory: terminal.directory,
      overrides,
      presets,
    })
  const engines = engineDefaults(terminal, (at) => writtenAt(file, at, terminal) !== undefined)
  const { config, findings } = readWithPresets(read, gateway, engines, lmsUrl !== undefined)
  if (config === undefined) throw new ConfigError(findings, sandboxHint(findings))
  const secrets = openSecrets(data)
  return {
    config: withOperator({ ...config, data }, secrets),
    warnings: findings,
    secrets,
    demo,
    sandboxPort,
  }
}

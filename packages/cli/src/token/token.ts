import { gateway, newApiKey, signDemoJwt } from '@commerce-mesh/gateway'
import type { DemoUser, GatewayOptions } from '@commerce-mesh/gateway'
import { readConfig } from '@commerce-mesh/mesh'
import { callJson } from '../client/http-call.ts'
import { findRunning } from '../client/running-mesh.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { configFile, dataDirectory, shortPath } from '../data/place.ts'
import { readSecrets } from '../data/secrets.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { lmsTokenRules } from './lms-token.ts'

const SCOPES = ['orders:write', 'orders:read', 'events:write', 'operate']

/** As the sandbox LMS knows them. */
const STAFF: DemoUser = { username: 'staff', lmsUserId: 3, staff: true }
const LEARNER: DemoUser = { username: 'alice', lmsUserId: 4, staff: false }

const scopesOf = (input: Input): readonly string[] => {
  const given = input.texts('scope')
  const unknown = given.find((scope) => !SCOPES.includes(scope))
  if (unknown !== undefined)
    throw new UsageError(`There is no scope '${unknown}'.`, `One of: ${SCOPES.join(', ')}`)
  return given.length > 0 ? [...new Set(given)] : ['orders:write', 'orders:read']
}

/** JSON is YAML, and leaves no question of quoting. */
const linesForFile = (name: string, keyHash: string, scopes: readonly string[]) =>
  [
    'services:',
    '  gateway:',
    '    callers:',
    `      - { name: ${JSON.stringify(name)}, keyHash: ${JSON.stringify(keyHash)}, scopes: ${JSON.stringify(scopes)} }`,
  ].join('\n')

const makeKey = async (name: string, input: Input, terminal: Terminal): Promise<ExitCode> => {
  const scopes = scopesOf(input)
  const data = dataDirectory(input, terminal)
  const running = findRunning(input, terminal, data)
  if (running !== undefined) {
    const made = (await callJson(running, {
      method: 'POST',
      path: '/v1/callers',
      body: JSON.stringify({ name, scopes }),
    })) as { key: string }
    terminal.note(
      `${name} may ${scopes.join(', ')}; the mesh at ${running.url} knows the key. It is shown this once:`,
    )
    terminal.out(made.key)
    return EXIT.ok
  }
  const { key, keyHash } = newApiKey()
  terminal.note(
    `No mesh runs on ${shortPath(data, terminal)}. Add to mesh.yaml, so that the next start knows the key:\n\n${linesForFile(name, keyHash, scopes)}\n\nThe key, shown this once:`,
  )
  terminal.out(key)
  return EXIT.ok
}

const makeLmsToken = async (user: DemoUser, input: Input, terminal: Terminal): Promise<ExitCode> => {
  const { config } = readConfig(configFile(input, terminal), {
    services: [gateway],
    elsewhere: 'others',
    env: terminal.env,
    directory: terminal.directory,
  })
  const options = config?.services['gateway'] as Partial<GatewayOptions> | undefined
  const { secret, ...rules } = lmsTokenRules(options?.jwt, readSecrets(dataDirectory(input, terminal)))
  terminal.note(`A token of the LMS user ${user.username}, good for an hour:`)
  if (options?.jwt?.secret === undefined)
    terminal.note(
      'Only a mesh of `up --demo` accepts it. Any other mesh won’t until services.gateway.jwt.secret is set in mesh.yaml.',
    )
  terminal.out(await signDemoJwt(secret, user, { now: terminal.now().getTime(), ...rules }))
  return EXIT.ok
}

/** `mesh token`. */
export const makeToken = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const name = input.optionalArgument('NAME')
  const wanted = [name !== undefined, input.on('staff'), input.on('learner')].filter(Boolean).length
  if (wanted !== 1)
    throw new UsageError(
      wanted === 0
        ? "'mesh token' needs one of NAME, --staff, --learner."
        : "'mesh token' takes only one of NAME (an API key of a caller), --staff and --learner (a token of an LMS user).",
      'Example: mesh token storefront',
    )
  if (name !== undefined) return await makeKey(name, input, terminal)
  return await makeLmsToken(input.on('staff') ? STAFF : LEARNER, input, terminal)
}

import type { JudgeRules } from '@commerce-mesh/contracts'
import { ConfigError, grantsOf, readConfig } from '@commerce-mesh/mesh'
import type { Input } from '../../command/input.ts'
import { UsageError } from '../../command/usage-error.ts'
import { configFile } from '../../data/place.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { knownContracts } from '../known.ts'

/** Who may emit what, as mesh.yaml says; undefined where there is none. The services' sections and their secrets are not needed. */
const grantsHere = (input: Input, terminal: Terminal) => {
  const { config, findings, file } = readConfig(configFile(input, terminal), {
    services: [],
    elsewhere: 'others',
    env: terminal.env,
    directory: terminal.directory,
  })
  if (config === undefined) throw new ConfigError(findings)
  return file === undefined ? undefined : grantsOf(config.producers)
}

/**
 * What events are held against: the contracts of the mesh that is configured, and its `producers`. Without a configuration only
 * who is named by `--as` is held against what owners may do.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID), UsageError
 */
export const judgeRules = async (input: Input, terminal: Terminal): Promise<JudgeRules> => {
  const as = input.text('as')
  if (as === '')
    throw new UsageError('--as is empty.', 'Give the source that you will publish under: --as /example-shop')
  const grants = grantsHere(input, terminal) ?? (as === undefined ? undefined : new Map())
  const contracts = await knownContracts(input, terminal)
  return { contracts, ...(grants !== undefined && { grants }), ...(as !== undefined && { as }) }
}

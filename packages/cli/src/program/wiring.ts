import { ConfigError, readConfig } from '@commerce-mesh/mesh'
import type { Wiring } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { configFile } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * The routes, and who publishes and reads outside, of the configuration, for commands that only look: no section of a service is read, so no secret is
 * needed.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID)
 */
export const wiringOf = (input: Input, terminal: Pick<Terminal, 'env' | 'directory'>): Wiring => {
  const { config, findings } = readConfig(configFile(input, terminal), {
    services: [],
    elsewhere: 'others',
    env: terminal.env,
    directory: terminal.directory,
  })
  if (config === undefined) throw new ConfigError(findings)
  const { routes, producers, consumers } = config
  return { routes, producers, consumers }
}

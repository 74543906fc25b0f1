import { ConfigError, readConfig } from '@commerce-mesh/mesh'
import type { MeshConfig } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { configFile, dataDirectory } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * How to reach a mesh's engines, for commands that only look at them: the sections of the services and their secrets
 * are not needed.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID)
 */
export const engineConfig = (input: Input, terminal: Pick<Terminal, 'env' | 'directory'>): MeshConfig => {
  const { config, findings } = readConfig(configFile(input, terminal), {
    services: [],
    elsewhere: 'others',
    env: terminal.env,
    directory: terminal.directory,
  })
  if (config === undefined) throw new ConfigError(findings)
  return { ...config, data: dataDirectory(input, terminal) }
}

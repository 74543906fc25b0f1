import { ConfigError, readConfig } from '@commerce-mesh/mesh'
import type { CheckedMesh, MeshConfig } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { configFile, dataDirectory } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * How to reach a mesh's engines, for commands that only look at them: the sections of the services and their secrets
 * are not needed.
 *
 * @param mesh - what is declared, where routes that are wrong shall be refused.
 * @throws ConfigError (MESH_CONFIG_INVALID)
 */
export const engineConfig = (
  input: Input,
  terminal: Pick<Terminal, 'env' | 'directory'>,
  mesh?: CheckedMesh,
): MeshConfig => {
  const { config, findings } = readConfig(configFile(input, terminal), {
    services: [],
    elsewhere: 'others',
    ...(mesh && { mesh }),
    env: terminal.env,
    directory: terminal.directory,
  })
  if (config === undefined) throw new ConfigError(findings)
  return { ...config, data: dataDirectory(input, terminal) }
}

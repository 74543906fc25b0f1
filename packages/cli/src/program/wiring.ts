import type { CheckedMesh, Wiring } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { engineConfig } from '../engines/read.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * The routes, and who publishes and reads outside, of the configuration, for commands that only look: no section of a service is
 * read, so no secret is needed.
 *
 * @param mesh - what is declared, where routes that are wrong shall be refused.
 * @throws ConfigError (MESH_CONFIG_INVALID)
 */
export const wiringOf = (
  input: Input,
  terminal: Pick<Terminal, 'env' | 'directory'>,
  mesh?: CheckedMesh,
): Wiring => {
  const { routes, producers, consumers } = engineConfig(input, terminal, mesh)
  return { routes, producers, consumers }
}

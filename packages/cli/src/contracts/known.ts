import type { EventContract } from '@commerce-mesh/contracts'
import { contractsOf } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { loadProgram } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * Every contract of the mesh that is configured, by type: ours, and those of its plugins. A plugin that can't be loaded is
 * noted, as its events are unknown then.
 */
export const knownContracts = async (
  input: Input,
  terminal: Terminal,
): Promise<ReadonlyMap<string, EventContract>> => {
  const { mesh } = await loadProgram(input, terminal)
  for (const { code, message } of mesh.problems)
    terminal.note(terminal.notePaint.yellow(`${code} ${message} Its contracts are not known here.`))
  return contractsOf(mesh)
}

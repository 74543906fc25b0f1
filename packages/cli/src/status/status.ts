import { MeshError, isMeshError, readOwner } from '@commerce-mesh/mesh'
import { findSource } from '../client/connect.ts'
import { openClient } from '../client/open-client.ts'
import { findRunning } from '../client/running-mesh.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { dataDirectory } from '../data/place.ts'
import { isLocal } from '../engines/describe.ts'
import { needRunning } from '../order/place.ts'
import { callOf } from '../terminal/call.ts'
import { loadProgram } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { askEngines, askStatus } from './ask.ts'
import type { MeshStatus } from './ask.ts'
import { renderStatus } from './render.ts'

/** Nobody answers where `owner.json` says: its process is starting or was killed. */
const notAnswering = (thrown: unknown, data: string): unknown => {
  const owner = readOwner(data)
  if (!isMeshError(thrown, 'MESH_GATEWAY_UNREACHABLE') || owner === undefined) return thrown
  const who = `Process ${owner.pid}, started ${owner.startedAt}, was the last to own the data; it is starting, or was killed.`
  return new MeshError('MESH_GATEWAY_UNREACHABLE', `${thrown.message} ${who}`, { cause: thrown })
}

/** Whoever is asked: a gateway, or the engines where there are some and no gateway was found or named. */
const ask = async (input: Input, terminal: Terminal): Promise<MeshStatus> => {
  const source = await findSource(input, terminal)
  if ('running' in source) return await askStatus({ ...source.running, timeoutMs: 5_000 })
  if (isLocal(source.config)) return await askStatus({ ...needRunning(input, terminal), timeoutMs: 5_000 })
  const client = await openClient(source.config, (await loadProgram(input, terminal)).services)
  try {
    return await askEngines(client)
  } finally {
    await client.close()
  }
}

/** `mesh status`. */
export const showStatus = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const data = dataDirectory(input, terminal)
  try {
    const status = await ask(input, terminal)
    if (input.on('json')) terminal.out(JSON.stringify(status, undefined, 2))
    else for (const line of renderStatus(status, terminal.paint, callOf(input, terminal))) terminal.out(line)
    return status.ready === false ? EXIT.failed : EXIT.ok
  } catch (thrown) {
    throw findRunning(input, terminal, data)?.named === true ? thrown : notAnswering(thrown, data)
  }
}

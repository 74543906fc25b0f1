import { isMeshError } from '@commerce-mesh/mesh'
import type { MeshConfig } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import { shortPath } from '../data/place.ts'
import { isLocal } from '../engines/describe.ts'
import { engineConfig } from '../engines/read.ts'
import { loadProgram } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { send } from './http-call.ts'
import { httpClient } from './http-client.ts'
import type { MeshClient } from './mesh-client.ts'
import { openClient } from './open-client.ts'
import { findAsked } from './running-mesh.ts'
import type { Running } from './running-mesh.ts'

/** `owner.json` may be left over from a killed process whose id somebody else has now. */
const answers = async (endpoint: Parameters<typeof send>[0]): Promise<boolean> => {
  try {
    return (await send({ ...endpoint, timeoutMs: 5_000 }, { path: '/healthz' })).status === 200
  } catch (thrown) {
    if (isMeshError(thrown, 'MESH_GATEWAY_UNREACHABLE')) return false
    throw thrown
  }
}

/** Whom to ask: a mesh that answers or was named, or else the engines or the data directory that are configured. */
export type Source = { readonly running: Running } | { readonly config: MeshConfig }

/** Finds whom to ask. @throws ConfigError (MESH_CONFIG_INVALID), UsageError */
export const findSource = async (input: Input, terminal: Terminal): Promise<Source> => {
  const running = findAsked(input, terminal)
  return running !== undefined && (running.named || (await answers(running)))
    ? { running }
    : { config: engineConfig(input, terminal) }
}

const connect = async (input: Input, terminal: Terminal): Promise<MeshClient> => {
  const source = await findSource(input, terminal)
  if ('running' in source) return httpClient(source.running)
  const { config } = source
  const { services } = await loadProgram(input, terminal)
  const opened = await openClient(config, services)
  const said = isLocal(config)
    ? `No mesh runs on ${shortPath(config.data, terminal)}; this is what its data says.`
    : `No gateway was named (--url), so the engines are asked: ${opened.where}.`
  terminal.note(terminal.notePaint.dim(said))
  return opened
}

/** Asks a mesh and closes the connection, whatever comes of it. */
export const withMesh = async <T>(
  input: Input,
  terminal: Terminal,
  work: (mesh: MeshClient) => Promise<T>,
): Promise<T> => {
  const mesh = await connect(input, terminal)
  try {
    return await work(mesh)
  } finally {
    await mesh.close()
  }
}

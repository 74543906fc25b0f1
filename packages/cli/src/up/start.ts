import { MeshError, engineMark, holdDataDirectory, isMeshError, startMesh } from '@commerce-mesh/mesh'
import type { MeshConfig, RunningMesh } from '@commerce-mesh/mesh'
import type { SandboxLms } from '@commerce-mesh/testing'
import path from 'node:path'
import { httpClient } from '../client/http-client.ts'
import { send } from '../client/http-call.ts'
import { findRunning } from '../client/running-mesh.ts'
import type { Endpoint } from '../client/http-call.ts'
import type { Input } from '../command/input.ts'
import { createLogger } from '../log/logger.ts'
import { type Program, partsOf } from '../program/program.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { sectionOf, withSection } from './plan.ts'
import type { Plan } from './plan.ts'

/** Everything that `mesh up` started. */
export type Up = {
  readonly config: MeshConfig
  readonly mesh: RunningMesh
  readonly lms: SandboxLms | undefined
  /** The gateway, with the operator's key. */
  readonly endpoint: Endpoint & { readonly key: string }
  stop(): Promise<void>
}

/** A mesh that answers on this data directory makes a clearer message than the port that it took. */
const refuseSecondMesh = async (input: Input, terminal: Terminal, data: string): Promise<void> => {
  const running = findRunning(input, terminal, data)
  if (running === undefined || running.named) return
  const answer = await send({ ...running, timeoutMs: 2_000 }, { path: '/healthz' }).catch(() => undefined)
  if (answer?.status === 200)
    throw new MeshError('MESH_DATA_IN_USE', `A mesh runs on ${data} already, at ${running.url}.`)
}

const startSandbox = async ({
  sandboxPort,
  config,
}: Plan): Promise<{ lms: SandboxLms | undefined; config: MeshConfig }> => {
  if (sandboxPort === undefined) return { lms: undefined, config }
  const options = { ...(sectionOf(config, 'fulfillment')['lms'] as Record<string, unknown>) }
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {})
  const { openSandboxLms } = await import('../sandbox/start.ts')
  const lms = await openSandboxLms(sandboxPort, {
    ...text('clientId'),
    ...text('clientSecret'),
    ...text('apiKey'),
    journalFile: path.join(config.data, 'sandbox-lms.jsonl'),
  })
  return { lms, config: withSection(config, 'fulfillment', { lms: { ...options, url: lms.url } }) }
}

const needsDirectory = ({ bus, store }: MeshConfig): boolean =>
  bus.driver === 'embedded' || store.driver === 'sqlite'

/** Who typed `npm start` needs npm's own way to hand a flag on. */
const explainPort = (thrown: unknown, flag: string, { env }: Terminal): unknown => {
  if (!isMeshError(thrown, 'MESH_PORT_TAKEN') || env['npm_lifecycle_event'] !== 'start') return thrown
  const action = `Stop the other process, or choose another port: \`npm start -- ${flag} N\`.`
  return new MeshError('MESH_PORT_TAKEN', thrown.message, { cause: thrown, action })
}

/** Starts what was planned. When something fails, what was started before is stopped again. */
export const startUp = async (
  plan: Plan,
  program: Program,
  input: Input,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Up> => {
  await refuseSecondMesh(input, terminal, plan.config.data)
  // On engines elsewhere nothing else keeps a second mesh from the keys and the address in this directory.
  const held = needsDirectory(plan.config) ? undefined : holdDataDirectory(plan.config.data)
  const { lms, config } = await startSandbox(plan).catch((thrown: unknown) => {
    throw explainPort(thrown, '--lms-port', terminal)
  })
  try {
    const mesh = await startMesh({
      config,
      services: program.services,
      ...partsOf(program, config),
      log: createLogger(config.log.level, terminal),
      signal,
    })
    const url = mesh.url ?? ''
    held?.announce(url, engineMark(config))
    const stop = async () => {
      await mesh.stop()
      await lms?.close()
      held?.close()
    }
    return { config, mesh, lms, endpoint: { url, key: plan.secrets.operatorKey }, stop }
  } catch (thrown) {
    await lms?.close()
    held?.close()
    throw explainPort(thrown, '--port', terminal)
  }
}

/** Client of the mesh that was started. */
export const clientOf = (up: Up) => httpClient(up.endpoint)

import { MeshError } from '@commerce-mesh/mesh'
import { startSandboxLms } from '@commerce-mesh/testing'
import type { SandboxLms, SandboxLmsOptions } from '@commerce-mesh/testing'
import { SANDBOX_CLIENT } from './client.ts'

/** Starts the sandbox LMS on 127.0.0.1. @throws MeshError MESH_PORT_TAKEN */
export const openSandboxLms = async (
  port: number,
  options: Omit<SandboxLmsOptions, 'port'> = {},
): Promise<SandboxLms> => {
  try {
    return await startSandboxLms({ ...SANDBOX_CLIENT, autoCreate: true, ...options, port })
  } catch (cause) {
    if (!Error.isError(cause) || !('code' in cause) || cause.code !== 'EADDRINUSE') throw cause
    throw new MeshError(
      'MESH_PORT_TAKEN',
      `Port ${port}, for the sandbox LMS, is taken: another process listens there.`,
      {
        cause,
        action: 'Stop the other process, or choose another port with --lms-port (mesh sandbox lms: --port).',
      },
    )
  }
}

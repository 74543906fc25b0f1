import { MeshError } from '@commerce-mesh/mesh'
import { startSandboxLms } from '@commerce-mesh/testing'
import type { SandboxLms, SandboxLmsOptions } from '@commerce-mesh/testing'
import { SANDBOX_CLIENT } from './client.ts'

const NOT_WRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory',
  EACCES: 'this user may not write it',
  EROFS: 'the file system is read-only',
}

/** Starts the sandbox LMS, on 127.0.0.1 unless told otherwise. @throws MeshError MESH_PORT_TAKEN, MESH_DATA_NOT_WRITABLE (the journal) */
export const openSandboxLms = async (
  port: number,
  options: Omit<SandboxLmsOptions, 'port'> = {},
): Promise<SandboxLms> => {
  try {
    return await startSandboxLms({ ...SANDBOX_CLIENT, autoCreate: true, ...options, port })
  } catch (cause) {
    const code = Error.isError(cause) && 'code' in cause ? String(cause.code) : ''
    const why = NOT_WRITABLE[code]
    if (why !== undefined && options.journalFile !== undefined)
      throw new MeshError(
        'MESH_DATA_NOT_WRITABLE',
        `The journal ${options.journalFile} of the sandbox LMS can’t be written: ${why}.`,
        { cause, action: 'Name a file in a directory that exists and that this user may write.' },
      )
    if (code !== 'EADDRINUSE') throw cause
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

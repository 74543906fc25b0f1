import type { Flag } from './command.ts'

/** Flags of commands that look at a data directory. */
export const PLACE_FLAGS = {
  config: { type: 'string', value: 'FILE', about: 'Configuration. Default: ./mesh.yaml where it exists.' },
  data: {
    type: 'string',
    value: 'DIR',
    about: 'Data directory. Default: what the configuration says, or ./.mesh.',
  },
} as const satisfies Record<string, Flag>

/** Flags of commands that talk to a running mesh. */
const ENDPOINT_FLAGS = {
  url: {
    type: 'string',
    value: 'URL',
    about: 'Address of a running mesh. Default: the one that runs on the data directory.',
  },
  key: {
    type: 'string',
    value: 'KEY',
    about:
      'API key. Default: the operator key in the data directory. MESH_API_KEY keeps it out of the shell’s history.',
  },
} as const satisfies Record<string, Flag>

/** Flags of commands that ask a mesh, running or not. */
export const CLIENT_FLAGS = { ...PLACE_FLAGS, ...ENDPOINT_FLAGS } as const

/** Codes of what can be wrong in mesh.yaml, with what each means and how it is mended. */
export const CONFIG_FINDINGS = {
  MESH_CONFIG_UNREADABLE: {
    meaning: 'The file can’t be read.',
    action: 'Check the path and who may read the file. It must be UTF-8 text.',
  },
  MESH_CONFIG_YAML: {
    meaning: 'The file is not valid YAML.',
    action: 'Mend the line named; mind indentation, quotes and tabs.',
  },
  MESH_CONFIG_DUPLICATE_KEY: {
    meaning: 'A key stands twice in the same section.',
    action: 'Keep one of the two.',
  },
  MESH_CONFIG_UNKNOWN_KEY: {
    meaning: 'No setting has this name.',
    action: 'Use the name proposed, or see docs/configuration.md.',
  },
  MESH_CONFIG_MISSING: { meaning: 'A setting that has no default is missing.', action: 'Add it.' },
  MESH_CONFIG_TYPE: {
    meaning: 'A value has the wrong type.',
    action: 'Write a value of the type named. Text that looks like a number needs quotes.',
  },
  MESH_CONFIG_VALUE: {
    meaning: 'A value has the right type but is not allowed.',
    action: 'Write a value within the range or form named.',
  },
  MESH_CONFIG_ENV_MISSING: {
    meaning: 'The file refers to an environment variable that is not set, or is empty.',
    action: 'Set the variable, or give the reference a default: ${NAME:-default}.',
  },
  MESH_CONFIG_ENV_SYNTAX: {
    meaning: 'A reference to an environment variable is not well formed.',
    action: 'Write ${NAME} or ${NAME:-default}. A literal ${ is written $${.',
  },
  MESH_CONFIG_CONTRADICTION: {
    meaning: 'Two settings contradict each other.',
    action: 'Change one of the two named.',
  },
  MESH_CONFIG_PLAIN_SECRET: {
    meaning: 'A secret stands in the file, where backups and repositories pick it up.',
    action: 'Put it into an environment variable and refer to it: ${NAME}.',
  },
} as const satisfies Record<string, { meaning: string; action: string }>

/** A code of {@link CONFIG_FINDINGS}. */
export type ConfigCode = keyof typeof CONFIG_FINDINGS

/** One thing that is wrong in the configuration, and where. Holds no secret and no value of an environment variable. */
export type Finding = {
  readonly code: ConfigCode
  /** With a finding of severity `error` the mesh does not start. */
  readonly severity: 'error' | 'warning'
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Dotted path of the setting, e.g. `services.gateway.port`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  readonly fix: string
}

/** Place in a file, from 1. */
export type Place = { readonly line: number; readonly column: number }

/** Writes a finding as compilers do: `mesh.yaml:3:5 error MESH_CONFIG_UNKNOWN_KEY …`, then the fix on its own line. */
export const formatFinding = (finding: Finding): string =>
  `${finding.file}:${finding.line}:${finding.column} ${finding.severity} ${finding.code}\n` +
  `  ${finding.path === '' ? '' : `${finding.path}: `}${finding.message}\n` +
  `  Fix: ${finding.fix}`

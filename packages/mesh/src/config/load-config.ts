import { readFileSync } from 'node:fs'
import path from 'node:path'
import { MeshError } from '../errors/mesh-error.ts'
import type { MeshConfig } from './config.ts'
import type { Environment } from './env-reference.ts'
import { CONFIG_FINDINGS, formatFinding } from './finding.ts'
import type { Finding } from './finding.ts'
import { parseConfig } from './parse-config.ts'
import type { Configurable, ParsedConfig } from './parse-config.ts'

/** MESH_CONFIG_INVALID with everything that was found. */
export class ConfigError extends MeshError {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error')
    super(
      'MESH_CONFIG_INVALID',
      `The configuration has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}.\n${errors.map(formatFinding).join('\n')}`,
    )
    this.findings = findings
  }
}

/** Where the configuration comes from. */
export type LoadOptions = {
  readonly services: readonly Configurable[]
  /** Default: the process's own. */
  readonly env?: Environment
  /** Directory in which a mesh.yaml is looked for. Default: the working directory. */
  readonly directory?: string
  readonly overrides?: Readonly<Record<string, unknown>>
}

/** A configuration that passed, with its warnings and the file it came from (undefined: there was none). */
export type LoadedConfig = {
  readonly config: MeshConfig
  readonly warnings: readonly Finding[]
  readonly file?: string
}

const unreadable = (file: string, why: string): ParsedConfig => ({
  findings: [
    {
      code: 'MESH_CONFIG_UNREADABLE',
      severity: 'error',
      file,
      line: 1,
      column: 1,
      path: '',
      message: `the file can’t be read: ${why}.`,
      fix: CONFIG_FINDINGS.MESH_CONFIG_UNREADABLE.action,
    },
  ],
})

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a directory',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

const codeOf = (thrown: unknown): string =>
  Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : String(thrown)

/** Reads and checks a configuration without throwing. `file` undefined: ./mesh.yaml, or the defaults where there is none. */
export const readConfig = (
  file: string | undefined,
  options: LoadOptions,
): ParsedConfig & { readonly file?: string } => {
  const where = path.resolve(options.directory ?? '.', file ?? 'mesh.yaml')
  const shown = file ?? 'mesh.yaml'
  const rest = {
    env: options.env ?? process.env,
    services: options.services,
    ...(options.overrides && { overrides: options.overrides }),
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(where))
    return { ...parseConfig(text, { file: shown, ...rest }), file: where }
  } catch (thrown) {
    const code = codeOf(thrown)
    if (file === undefined && code === 'ENOENT')
      return parseConfig('', { file: 'the defaults (no mesh.yaml)', ...rest })
    if (WHY[code] === undefined && !code.startsWith('E')) throw thrown
    return unreadable(shown, WHY[code] ?? code)
  }
}

/**
 * Reads and checks a configuration.
 *
 * @param file - path; undefined: ./mesh.yaml, or the defaults where there is none.
 * @throws ConfigError (MESH_CONFIG_INVALID) with every finding.
 */
export const loadConfig = (file: string | undefined, options: LoadOptions): LoadedConfig => {
  const read = readConfig(file, options)
  if (read.config === undefined) throw new ConfigError(read.findings)
  return { config: read.config, warnings: read.findings, ...(read.file !== undefined && { file: read.file }) }
}

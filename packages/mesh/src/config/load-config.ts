import { readFileSync } from 'node:fs'
import path from 'node:path'
import { MeshError } from '../errors/mesh-error.ts'
import { defaultConfig } from './config.ts'
import type { MeshConfig } from './config.ts'
import type { Environment } from './env-reference.ts'
import { CONFIG_FINDINGS, formatFinding } from '../finding/finding.ts'
import type { Finding } from '../finding/finding.ts'
import { valueAt } from '../finding/issue-findings.ts'
import { parseConfig } from './parse-config.ts'
import type { Configurable, ParsedConfig } from './parse-config.ts'
import type { CheckedMesh } from './wiring-problems.ts'
import { readYaml } from './yaml-source.ts'

/** MESH_CONFIG_INVALID with everything that was found. */
export class ConfigError extends MeshError {
  readonly findings: readonly Finding[]

  /** @param hint - one more sentence, for this case. */
  constructor(findings: readonly Finding[], hint?: string) {
    const errors = findings.filter(({ severity }) => severity === 'error')
    const what = `The configuration has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}.`
    super(
      'MESH_CONFIG_INVALID',
      [what, ...errors.map(formatFinding), ...(hint === undefined ? [] : [hint])].join('\n'),
    )
    this.findings = findings
  }
}

/** Where the configuration comes from. */
export type LoadOptions = {
  readonly services: readonly Configurable[]
  readonly elsewhere?: readonly string[] | 'others'
  /** Default: the process's own. */
  readonly env?: Environment
  /** Directory in which a mesh.yaml is looked for. Default: the working directory. */
  readonly directory?: string
  readonly overrides?: Readonly<Record<string, unknown>>
  readonly presets?: Readonly<Record<string, unknown>>
  readonly mesh?: CheckedMesh
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

/** Reads and checks a configuration; what is wrong with it is among the findings. `file` undefined: ./mesh.yaml, or the defaults where there is none. */
export const readConfig = (
  file: string | undefined,
  options: LoadOptions,
): ParsedConfig & { readonly file?: string } => {
  const where = path.resolve(options.directory ?? '.', file ?? 'mesh.yaml')
  const shown = file ?? 'mesh.yaml'
  const rest = {
    env: options.env ?? process.env,
    services: options.services,
    ...(options.elsewhere && { elsewhere: options.elsewhere }),
    ...(options.overrides && { overrides: options.overrides }),
    ...(options.presets && { presets: options.presets }),
    ...(options.mesh && { mesh: options.mesh }),
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(where))
  } catch (thrown) {
    const code = codeOf(thrown)
    if (file === undefined && code === 'ENOENT')
      return parseConfig('', { file: 'the defaults (no mesh.yaml)', ...rest })
    return unreadable(shown, WHY[code] ?? code)
  }
  return { ...parseConfig(text, { file: shown, ...rest }), file: where }
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

/**
 * What a configuration file writes at a path, references filled in and otherwise unchecked, whatever else is wrong with
 * the file; undefined where it writes nothing there, or where there is no mesh.yaml and none was named.
 *
 * @throws ConfigError (MESH_CONFIG_INVALID) where the file that was named can't be read.
 */
export const writtenAt = (
  file: string | undefined,
  at: readonly string[],
  options: Pick<LoadOptions, 'env' | 'directory'>,
): unknown => {
  try {
    const text = readFileSync(path.resolve(options.directory ?? '.', file ?? 'mesh.yaml'), 'utf8')
    return valueAt(readYaml(text, '', options.env ?? process.env).value, at)
  } catch (thrown) {
    if (file === undefined && codeOf(thrown) === 'ENOENT') return undefined
    throw new ConfigError(unreadable(file ?? 'mesh.yaml', WHY[codeOf(thrown)] ?? codeOf(thrown)).findings)
  }
}

/**
 * The data directory that a configuration names, whatever else is wrong with it: commands that only look at the data
 * need no secrets of the services.
 *
 * @throws ConfigError like {@link writtenAt}
 */
export const dataDirectoryOf = (
  file: string | undefined,
  options: Pick<LoadOptions, 'env' | 'directory'>,
): string => {
  const named = writtenAt(file, ['data'], options)
  const { data } = defaultConfig()
  return path.resolve(options.directory ?? '.', typeof named === 'string' && named !== '' ? named : data)
}

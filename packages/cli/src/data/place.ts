import path from 'node:path'
import { dataDirectoryOf } from '@commerce-mesh/mesh'
import type { Input } from '../command/input.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** Absolute path of the configuration that was named. */
export const configFile = (input: Input, { directory }: Pick<Terminal, 'directory'>): string | undefined => {
  const named = input.text('config')
  return named === undefined ? undefined : path.resolve(directory, named)
}

/** Absolute path of the data directory. @throws ConfigError when the configuration that was named can't be read. */
export const dataDirectory = (input: Input, terminal: Pick<Terminal, 'directory' | 'env'>): string => {
  const named = input.text('data')
  if (named !== undefined) return path.resolve(terminal.directory, named)
  return dataDirectoryOf(configFile(input, terminal), { env: terminal.env, directory: terminal.directory })
}

/** A path as a person would type it from where they are. */
export const shortPath = (file: string, { directory }: Pick<Terminal, 'directory'>): string => {
  const relative = path.relative(directory, file)
  return relative !== '' && !relative.startsWith('..') ? relative : file
}

import { UsageError } from '../command/usage-error.ts'
import type { Terminal } from '../terminal/terminal.ts'

const WHY: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  EACCES: 'this user may not read it',
}

/**
 * What a person is told of a file on the command line that can't be read.
 *
 * @param named - as it was typed.
 * @param thrown - by node:fs.
 * @param hint - what the file should be.
 */
export const unreadableFile = (
  named: string,
  thrown: unknown,
  { directory }: Pick<Terminal, 'directory'>,
  hint: string,
): UsageError => {
  const code = Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : ''
  if (code === 'ENOENT') return new UsageError(`There is no file ${named} in ${directory}.`)
  return new UsageError(`The file ${named} can’t be read: ${WHY[code] ?? code}.`, hint)
}

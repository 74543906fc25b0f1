import fs from 'node:fs'
import path from 'node:path'
import { UsageError } from '../../command/usage-error.ts'
import { unreadableFile } from '../../data/unreadable-file.ts'
import type { Terminal } from '../../terminal/terminal.ts'

/** Where events come from. */
export type EventInput = {
  /** As it was typed; `-` for standard input. */
  readonly name: string
  open(): AsyncIterable<Uint8Array>
}

const HINT = 'FILES hold one event a line, as JSON. - is standard input.'

const checkReadable = async (named: string, terminal: Terminal): Promise<void> => {
  const file = path.resolve(terminal.directory, named)
  try {
    await fs.promises.access(file, fs.constants.R_OK)
    if ((await fs.promises.stat(file)).isDirectory())
      throw Object.assign(new Error('A directory has no lines.'), { code: 'EISDIR' })
  } catch (thrown) {
    throw unreadableFile(named, thrown, terminal, HINT)
  }
}

/**
 * What the arguments name, in their order. Every file is looked at first: a run of an hour shall not end at its last file.
 *
 * @throws UsageError for a file that can't be read, or standard input named twice.
 */
export const eventInputs = async (
  named: readonly string[],
  terminal: Terminal,
): Promise<readonly EventInput[]> => {
  if (named.filter((name) => name === '-').length > 1)
    throw new UsageError('Standard input (-) can be read only once.', HINT)
  for (const name of named) if (name !== '-') await checkReadable(name, terminal)
  return named.map((name) => ({
    name,
    open: () =>
      name === '-' ? terminal.input() : fs.createReadStream(path.resolve(terminal.directory, name)),
  }))
}

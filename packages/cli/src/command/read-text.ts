import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { unreadableFile } from '../data/unreadable-file.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * Text of a file, or of standard input for `-`.
 *
 * @param hint - what the file should be, for whoever named another.
 * @throws UsageError where it can't be read.
 */
export const readText = async (named: string, terminal: Terminal, hint: string): Promise<string> => {
  if (named === '-') return await terminal.stdin()
  try {
    return await readFile(path.resolve(terminal.directory, named), 'utf8')
  } catch (thrown) {
    throw unreadableFile(named, thrown, terminal, hint)
  }
}

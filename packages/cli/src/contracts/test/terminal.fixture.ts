import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { run } from '../../run.ts'
import { PLAIN } from '../../terminal/paint.ts'
import type { Terminal } from '../../terminal/terminal.ts'

/** What one run of the CLI printed. */
export type Printed = { readonly code: number; readonly out: string; readonly err: string }

/** Pieces of bytes as standard input gives them. */
export async function* piecesOf(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text
}

/** An empty directory with these files in it. */
export const directoryWith = (files: Readonly<Record<string, string | Uint8Array>> = {}): string => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-contracts-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(directory, name), content)
  return directory
}

/** Runs a command line in this process. */
export const runHere = async (
  argv: readonly string[],
  directory: string,
  more: Partial<Pick<Terminal, 'input' | 'write' | 'env'>> = {},
): Promise<Printed> => {
  const printed = { out: '', err: '' }
  const terminal: Terminal = {
    out: (line) => void (printed.out += `${line}\n`),
    write: async (text) => void (printed.out += text),
    note: (line) => void (printed.err += `${line}\n`),
    paint: PLAIN,
    notePaint: PLAIN,
    isInteractive: false,
    env: {},
    directory,
    root: directory,
    program: 'mesh',
    stdin: async () => '',
    input: () => piecesOf(),
    now: () => new Date(),
    ...more,
  }
  const code = await run(argv, terminal)
  return { code, ...printed }
}

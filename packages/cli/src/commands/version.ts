import type { Command } from '../command/command.ts'
import { EXIT } from '../command/exit-code.ts'
import { VERSION } from '../version.ts'

/** `mesh version`. */
export const version: Command = {
  words: ['version'],
  summary: 'Show the release of the mesh and of Node',
  examples: [{ line: 'mesh version', does: 'For a bug report' }],
  run: async (_input, terminal) => {
    terminal.out(`mesh ${VERSION}, Node ${process.version}, ${process.platform} ${process.arch}`)
    return EXIT.ok
  },
}

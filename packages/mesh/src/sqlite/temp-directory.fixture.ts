import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Makes directories for one test file, and deletes them. For tests. */
export const temporaryDirectories = () => {
  const made: string[] = []
  return {
    make: (): string => {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-test-'))
      made.push(directory)
      return directory
    },
    remove: (): void => {
      for (const directory of made.splice(0)) fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

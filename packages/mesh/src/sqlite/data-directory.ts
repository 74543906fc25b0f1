import fs from 'node:fs'
import path from 'node:path'
import { MeshError } from '../errors/mesh-error.ts'

const codeOf = (thrown: unknown) => (Error.isError(thrown) && 'code' in thrown ? thrown.code : undefined)

/** Node's own recursive mkdir never returns where a folder exists but takes no children (/proc): so step by step. */
const make = (directory: string): void => {
  try {
    fs.mkdirSync(directory, { mode: 0o700 })
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST' && fs.statSync(directory).isDirectory()) return
    const parent = path.dirname(directory)
    if (codeOf(thrown) !== 'ENOENT' || parent === directory || fs.existsSync(parent)) throw thrown
    make(parent)
    fs.mkdirSync(directory, { mode: 0o700 })
  }
}

/**
 * Makes a data directory, readable by its owner alone, where there is none.
 *
 * @throws MeshError MESH_DATA_NOT_WRITABLE
 */
export const makeDataDirectory = (directory: string): void => {
  try {
    make(path.resolve(directory))
    fs.accessSync(directory, fs.constants.W_OK)
  } catch (cause) {
    throw new MeshError(
      'MESH_DATA_NOT_WRITABLE',
      `The data directory ${directory} can't be created or written.`,
      { cause },
    )
  }
}

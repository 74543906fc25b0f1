import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A folder for the data of one measurement, on the disk that the mesh would use, removed afterwards. */
export const withFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-bench-'))
  try {
    return await work(folder)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const bytesOf = (entry: string): number => {
  try {
    return statSync(entry).blocks * 512
  } catch {
    return 0
  }
}

/** Bytes that a folder takes on the disk; files that come and go meanwhile may be missed. */
export const sizeOf = (folder: string): number => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + bytesOf(path.join(entry.parentPath, entry.name)), 0)
  } catch {
    return 0
  }
}

/** A size in words: `12 MB`. */
export const sizeInWords = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB`

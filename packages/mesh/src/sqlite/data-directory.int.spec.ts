import { describe, expect, it } from '@jest/globals'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { makeDataDirectory } from './data-directory.ts'

const inFolder = (test: (folder: string) => void) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-directory-'))
  try {
    test(folder)
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const refusal = expect.objectContaining({ code: 'MESH_DATA_NOT_WRITABLE' })

describe('makeDataDirectory', () => {
  it('makes every missing folder, for its owner alone, and may be called again', () =>
    inFolder((folder) => {
      const directory = path.join(folder, 'a', 'b', 'c')
      makeDataDirectory(directory)
      makeDataDirectory(directory)
      expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
    }))

  it('refuses a file that stands in the way', () =>
    inFolder((folder) => {
      fs.writeFileSync(path.join(folder, 'file'), '')
      expect(() => makeDataDirectory(path.join(folder, 'file'))).toThrow(refusal)
      expect(() => makeDataDirectory(path.join(folder, 'file', 'below'))).toThrow(refusal)
    }))

  const onLinux = process.platform === 'linux' ? it : it.skip
  onLinux('comes back where a folder takes no children, instead of trying for ever', () => {
    expect(() => makeDataDirectory('/proc/mesh/data')).toThrow(refusal)
  })
})

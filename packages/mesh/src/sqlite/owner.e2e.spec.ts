import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openSqliteEngine } from './engine.ts'
import { readOwner } from './owner.ts'
import { temporaryDirectories } from './temp-directory.fixture.ts'

const directories = temporaryDirectories()
afterEach(() => directories.remove())

const program = `
  const { openSqliteEngine } = await import(${JSON.stringify(import.meta.resolve('./engine.ts'))})
  const engine = await openSqliteEngine(process.argv[1])
  process.stdout.write('owned')
  process.on('SIGTERM', () => void engine.close())
  setInterval(() => undefined, 60_000)
`

const ownInAnotherProcess = async (directory: string) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, directory], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  return child
}

describe('ownership of a data directory', () => {
  it('keeps a second process out, and ends with the first one, however that dies', async () => {
    const directory = directories.make()
    const owner = await ownInAnotherProcess(directory)
    try {
      const { pid = 0 } = owner
      await expect(openSqliteEngine(directory)).rejects.toMatchObject({
        code: 'MESH_DATA_IN_USE',
        message: expect.stringContaining(`process ${pid}`),
      })
      expect(readOwner(directory)).toMatchObject({ pid })
    } finally {
      owner.kill('SIGKILL')
      await once(owner, 'exit')
    }
    // What the dead process wrote about itself still stands there; the lock does not.
    expect(readOwner(directory)).toMatchObject({ pid: owner.pid })
    const engine = await openSqliteEngine(directory)
    expect(readOwner(directory)).toMatchObject({ pid: process.pid })
    await engine.close()
  })
})

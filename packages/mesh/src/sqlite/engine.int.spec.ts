import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { dataFile, openSqliteEngine, openSqliteReader } from './engine.ts'
import { readOwner } from './owner.ts'
import { temporaryDirectories } from './temp-directory.fixture.ts'

const directories = temporaryDirectories()
afterEach(() => directories.remove())

const refusal = (code: string) => expect.objectContaining({ code })

describe('sqlite engine', () => {
  it('makes the directory, readable by its user alone, and says who owns it', async () => {
    const directory = path.join(directories.make(), 'deep', 'down')
    const engine = await openSqliteEngine(directory)
    expect(fs.statSync(directory).mode & 0o777).toBe(0o700)
    expect(readOwner(directory)).toMatchObject({ pid: process.pid })
    engine.announce('http://127.0.0.1:1')
    expect(readOwner(directory)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:1' })
    await engine.close()
    expect(readOwner(directory)).toBeUndefined()
  })

  it('lets nobody else have the directory, names who has it, and gives it back once', async () => {
    const directory = directories.make()
    const engine = await openSqliteEngine(directory)
    await expect(openSqliteEngine(directory)).rejects.toMatchObject({
      code: 'MESH_DATA_IN_USE',
      message: expect.stringContaining(`${process.pid}`),
    })
    expect(readOwner(directory)).toMatchObject({ pid: process.pid })
    await Promise.all([engine.close(), engine.close()])
    await (await openSqliteEngine(directory)).close()
  })

  it('reads beside the owner what was answered, and writes nothing', async () => {
    const directory = directories.make()
    const engine = await openSqliteEngine(directory)
    await engine.write({ kind: 'execute', sql: "INSERT INTO topic (name, partitions) VALUES ('seen', 3)" })
    const reader = openSqliteReader(directory)
    expect(reader.reader.prepare('SELECT name FROM topic').all()).toEqual([{ name: 'seen' }])
    await expect(reader.write({ kind: 'execute', sql: 'DELETE FROM topic' })).rejects.toEqual(
      refusal('MESH_STORE_UNAVAILABLE'),
    )
    expect(() => reader.reader.exec('DELETE FROM topic')).toThrow(/readonly/)
    await reader.close()
    await engine.close()
  })

  it('reads without an owner too, and says so where there is nothing to read', async () => {
    const directory = directories.make()
    expect(() => openSqliteReader(directory)).toThrow(refusal('MESH_DATA_MISSING'))
    expect(fs.readdirSync(directory)).toEqual([])
    await (await openSqliteEngine(directory)).close()
    await openSqliteReader(directory).close()
  })

  it('says what is wrong with a directory or file that it can’t use', async () => {
    const directory = directories.make()
    const file = path.join(directory, 'file')
    fs.writeFileSync(file, 'not a directory')
    await expect(openSqliteEngine(path.join(file, 'below'))).rejects.toEqual(
      refusal('MESH_DATA_NOT_WRITABLE'),
    )
    fs.writeFileSync(
      dataFile(directory),
      'not a database, but long enough to have a header of one hundred bytes: '.repeat(3),
    )
    await expect(openSqliteEngine(directory)).rejects.toEqual(refusal('MESH_DATA_DAMAGED'))
    expect(fs.readFileSync(dataFile(directory), 'utf8')).toContain('not a database')
  })

  it('keeps what was answered, also without a proper end of the process before', async () => {
    const directory = directories.make()
    const engine = await openSqliteEngine(directory)
    await engine.write({ kind: 'execute', sql: "INSERT INTO topic (name, partitions) VALUES ('kept', 3)" })
    // As a crash leaves them: the file and its write-ahead log, nothing checkpointed.
    const copy = directories.make()
    for (const name of ['mesh.db', 'mesh.db-wal'])
      fs.copyFileSync(path.join(directory, name), path.join(copy, name))
    await engine.close()
    const again = await openSqliteEngine(copy)
    expect(again.reader.prepare('SELECT name FROM topic').all()).toEqual([{ name: 'kept' }])
    await again.close()
  })

  it('refuses writes after its end', async () => {
    const engine = await openSqliteEngine(directories.make())
    await engine.close()
    await expect(engine.write({ kind: 'execute', sql: 'DELETE FROM topic' })).rejects.toEqual(
      refusal('MESH_STORE_UNAVAILABLE'),
    )
  })
})

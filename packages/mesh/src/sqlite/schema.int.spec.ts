import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openSqliteEngine, openSqliteReader, dataFile } from './engine.ts'
import { migrate } from './schema.ts'
import { temporaryDirectories } from './temp-directory.fixture.ts'

const directories = temporaryDirectories()
afterEach(() => directories.remove())

const open = (file: string) => new DatabaseSync(file)

const versionOf = (database: DatabaseSync) =>
  (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version

const STEPS = [
  'CREATE TABLE parcel (id TEXT PRIMARY KEY, weight INTEGER NOT NULL);',
  "ALTER TABLE parcel ADD COLUMN unit TEXT; UPDATE parcel SET unit = 'g';",
]

describe('migrate', () => {
  it('makes a new file whole, and leaves an up-to-date one alone', () => {
    const database = open(path.join(directories.make(), 'mesh.db'))
    migrate(database, 'mesh.db')
    const version = versionOf(database)
    expect(version).toBeGreaterThan(0)
    database.exec("INSERT INTO topic (name, partitions) VALUES ('kept', 6)")
    migrate(database, 'mesh.db')
    expect(versionOf(database)).toBe(version)
    expect(database.prepare('SELECT name FROM topic').all()).toEqual([{ name: 'kept' }])
    database.close()
  })

  it('brings an older file up to date and keeps its data', () => {
    const database = open(path.join(directories.make(), 'mesh.db'))
    migrate(database, 'mesh.db', STEPS.slice(0, 1))
    database.exec("INSERT INTO parcel VALUES ('P-1', 700)")
    migrate(database, 'mesh.db', STEPS)
    expect(versionOf(database)).toBe(2)
    expect(database.prepare('SELECT * FROM parcel').all()).toEqual([{ id: 'P-1', weight: 700, unit: 'g' }])
    database.close()
  })

  it('leaves a file as it was when a step fails, so that the older release still reads it', () => {
    const file = path.join(directories.make(), 'mesh.db')
    const database = open(file)
    migrate(database, file, STEPS.slice(0, 1))
    database.exec("INSERT INTO parcel VALUES ('P-1', 700)")
    const broken = [
      ...STEPS.slice(0, 1),
      'ALTER TABLE parcel ADD COLUMN unit TEXT; UPDATE nowhere SET x = 1;',
    ]
    expect(() => migrate(database, file, broken)).toThrow(/nowhere/)
    database.close()
    const again = open(file)
    expect(versionOf(again)).toBe(1)
    expect(again.prepare('SELECT * FROM parcel').all()).toEqual([{ id: 'P-1', weight: 700 }])
    again.close()
  })

  it('waits for the disk at every commit (promise 1)', () => {
    const database = open(path.join(directories.make(), 'mesh.db'))
    migrate(database, 'mesh.db')
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    // 2 is FULL.
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    database.close()
  })
})

describe('a damaged data file', () => {
  it('is called damaged, whether it is opened for writing or for reading', () => {
    const directory = directories.make()
    fs.writeFileSync(dataFile(directory), 'this is no database, though it is long enough to be taken for one')
    const refusal = expect.objectContaining({ code: 'MESH_DATA_DAMAGED' })
    expect(() => openSqliteReader(directory)).toThrow(refusal)
    return expect(openSqliteEngine(directory)).rejects.toEqual(refusal)
  })
})

describe('a data file of a newer release', () => {
  const newer = async () => {
    const directory = directories.make()
    await (await openSqliteEngine(directory)).close()
    const database = open(dataFile(directory))
    database.exec('PRAGMA user_version = 9999')
    database.close()
    return directory
  }
  const refusal = expect.objectContaining({
    code: 'MESH_DATA_NEWER',
    message: expect.stringContaining('9999'),
  })

  it('is refused for writing, left as it is, and given back', async () => {
    const directory = await newer()
    await expect(openSqliteEngine(directory)).rejects.toEqual(refusal)
    await expect(openSqliteEngine(directory)).rejects.toEqual(refusal)
    const database = open(dataFile(directory))
    expect(versionOf(database)).toBe(9999)
    database.close()
  })

  it('is refused for reading too', async () => {
    const directory = await newer()
    expect(() => openSqliteReader(directory)).toThrow(refusal)
  })
})

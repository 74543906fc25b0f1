import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EngineMark } from '../config/engine-mark.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { dataFailure } from './failure.ts'
import { takeOwnership, writeOwner } from './owner.ts'
import type { Write, WriteResult } from './protocol.ts'
import { migrate, refuseNewer } from './schema.ts'
import { type Writer, startWriter } from './write-queue.ts'

/** One SQLite file in one directory, shared by the embedded bus and the sqlite store, so that one fsync serves both. */
export type SqliteEngine = {
  readonly directory: string
  /** Read-only connection of this thread: sees every write that was answered. */
  readonly reader: DatabaseSync
  /** Durable when resolved. @throws MeshError MESH_STORE_UNAVAILABLE */
  write(write: Write): Promise<WriteResult>
  /** Why nothing can be written, for people; undefined while all is well. After a failure it tries again. */
  problem(): Promise<string | undefined>
  /** Tells where this process can be reached, in `owner.json`. */
  announce(url: string, engines?: EngineMark): void
  close(): Promise<void>
}

/** The data file in a data directory. */
export const dataFile = (directory: string): string => path.join(directory, 'mesh.db')

/**
 * Opens (and makes or upgrades) the data of a directory and takes ownership of it.
 *
 * @throws MeshError MESH_DATA_IN_USE, MESH_DATA_NOT_WRITABLE, MESH_DATA_NEWER
 */
export const openSqliteEngine = async (directory: string): Promise<SqliteEngine> => {
  const giveBack = takeOwnership(directory)
  const file = dataFile(directory)
  try {
    prepareFile(file)
    const writer = await startWriter(file)
    const reader = openReader(file)
    let closing: Promise<void> | undefined
    const close = async () => {
      // The connection that writes goes last: only it can bring the write-ahead log home.
      reader.close()
      await writer.close()
      giveBack()
    }
    return {
      directory,
      reader,
      write: writer.write,
      problem: () => probe(writer),
      announce: (url, engines) => writeOwner(directory, url, engines),
      close: () => (closing ??= close()),
    }
  } catch (thrown) {
    giveBack()
    throw thrown
  }
}

/**
 * Opens the data of a directory for reading only, beside the process that owns it or without one.
 *
 * @throws MeshError MESH_DATA_MISSING when there is none, MESH_DATA_NEWER.
 */
export const openSqliteReader = (directory: string): SqliteEngine => {
  const file = dataFile(directory)
  if (!fs.existsSync(file)) throw new MeshError('MESH_DATA_MISSING', `There is no mesh data in ${directory}.`)
  const reader = openReader(file)
  try {
    refuseNewer(reader, file)
  } catch (thrown) {
    reader.close()
    throw dataFailure(thrown, 'MESH_STORE_UNAVAILABLE', `The data file ${file} can't be read`)
  }
  const refuse = () => {
    throw new MeshError('MESH_STORE_UNAVAILABLE', 'This connection only reads.')
  }
  return {
    directory,
    reader,
    write: async () => refuse(),
    problem: async () => undefined,
    announce: refuse,
    close: async () => reader.close(),
  }
}

const prepareFile = (file: string): void => {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    migrate(database, file)
  } catch (cause) {
    throw dataFailure(cause, 'MESH_DATA_NOT_WRITABLE', `The data file ${file} can't be opened for writing`)
  } finally {
    database?.close()
  }
}

const openReader = (file: string): DatabaseSync => {
  try {
    const reader = new DatabaseSync(file, { readOnly: true })
    reader.exec('PRAGMA cache_size = -16000; PRAGMA busy_timeout = 5000;')
    return reader
  } catch (cause) {
    throw dataFailure(cause, 'MESH_STORE_UNAVAILABLE', `The data file ${file} can't be read`)
  }
}

/** Writes something that nobody reads: after a full disk was emptied it tells that all is well again. */
const probe = async ({ problem, write }: Writer): Promise<string | undefined> => {
  if (problem() === undefined) return undefined
  try {
    await write({ kind: 'commit', group: '~probe', topic: 0, partition: 0, offset: Date.now() })
    return undefined
  } catch (thrown) {
    return Error.isError(thrown) ? thrown.message : String(thrown)
  }
}

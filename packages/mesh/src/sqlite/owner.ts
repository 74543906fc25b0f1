import fs from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { EngineMark } from '../config/engine-mark.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { makeDataDirectory } from './data-directory.ts'

/** Who owns a data directory, as written beside the lock for people and for the command line. */
export type Owner = {
  readonly pid: number
  readonly startedAt: string
  readonly url?: string
  /** Which engines it works on, where they are not in this directory: see `engineMark`. */
  readonly engines?: EngineMark
}

const ownerFile = (directory: string) => path.join(directory, 'owner.json')

/** What `owner.json` says; undefined where there is none. It may be left over from a killed process. */
export const readOwner = (directory: string): Owner | undefined => {
  try {
    return JSON.parse(fs.readFileSync(ownerFile(directory), 'utf8')) as Owner
  } catch {
    return undefined
  }
}

/** Writes `owner.json`; `url` is where the gateway can be reached, `engines` which engines it works on. */
export const writeOwner = (directory: string, url?: string, engines?: EngineMark): void => {
  const owner: Owner = {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    ...(url !== undefined && { url }),
    ...(engines !== undefined && { engines }),
  }
  fs.writeFileSync(ownerFile(directory), `${JSON.stringify(owner)}\n`)
}

/**
 * Makes the directory and takes it for this process. The lock is SQLite's own file lock on `owner.lock`: the
 * operating system gives it back when the process dies, however it dies, so there are no stale locks.
 *
 * @returns gives the directory back.
 * @throws MeshError MESH_DATA_NOT_WRITABLE, MESH_DATA_IN_USE
 */
export const takeOwnership = (directory: string): (() => void) => {
  makeDataDirectory(directory)
  const lock = openLock(directory)
  writeOwner(directory)
  return () => {
    fs.rmSync(ownerFile(directory), { force: true })
    lock.close()
  }
}

/**
 * Takes a data directory that holds no data of ours, only keys and the address of this process.
 *
 * @throws MeshError MESH_DATA_NOT_WRITABLE, MESH_DATA_IN_USE
 */
export const holdDataDirectory = (
  directory: string,
): { announce(url: string, engines?: EngineMark): void; close(): void } => {
  const close = takeOwnership(directory)
  return { announce: (url, engines) => writeOwner(directory, url, engines), close }
}

const openLock = (directory: string): DatabaseSync => {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path.join(directory, 'owner.lock'))
    lock.exec(
      'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER)',
    )
    return lock
  } catch (cause) {
    lock?.close()
    if (!/locked|busy/i.test(String(cause))) {
      throw new MeshError('MESH_DATA_NOT_WRITABLE', `The lock in ${directory} can't be written.`, { cause })
    }
    const owner = readOwner(directory)
    const who = owner === undefined ? 'another process' : `process ${owner.pid}, started ${owner.startedAt}`
    throw new MeshError('MESH_DATA_IN_USE', `The data directory ${directory} is in use by ${who}.`, { cause })
  }
}

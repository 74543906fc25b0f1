import type { DatabaseSync } from 'node:sqlite'
import { MeshError } from '../errors/mesh-error.ts'

/**
 * Steps that bring a data file to this release's form, oldest first. `PRAGMA user_version` says how many were done.
 * A step that has been released is never changed; a new form is a new step.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL);
   CREATE TABLE log (
     seq INTEGER PRIMARY KEY, topic INTEGER NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
     key TEXT, headers TEXT NOT NULL, value BLOB, at INTEGER NOT NULL);
   CREATE UNIQUE INDEX log_place ON log (topic, partition, offset);
   CREATE TABLE log_end (topic INTEGER NOT NULL, partition INTEGER NOT NULL, start INTEGER NOT NULL, next INTEGER NOT NULL,
     PRIMARY KEY (topic, partition)) WITHOUT ROWID;
   CREATE TABLE committed (grp TEXT NOT NULL, topic INTEGER NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
     PRIMARY KEY (grp, topic, partition)) WITHOUT ROWID;
   CREATE TABLE collection (name TEXT PRIMARY KEY, paths TEXT NOT NULL) WITHOUT ROWID;`,
]

/** Settings of every connection that writes: WAL, and an fsync before a commit is answered (promise 1). */
const PRAGMAS = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;`

const versionOf = (database: DatabaseSync): number =>
  (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version

/** @throws MeshError MESH_DATA_NEWER when a newer release has written the file. */
export const refuseNewer = (database: DatabaseSync, file: string, known = MIGRATIONS.length): void => {
  const version = versionOf(database)
  if (version <= known) return
  throw new MeshError(
    'MESH_DATA_NEWER',
    `${file} has schema version ${version}; this release knows versions up to ${known}.`,
  )
}

/**
 * Opens the file for writing and brings it up to date.
 *
 * @param steps - replaced by tests only.
 * @throws MeshError MESH_DATA_NEWER when a newer release has written it.
 */
export const migrate = (
  database: DatabaseSync,
  file: string,
  steps: readonly string[] = MIGRATIONS,
): void => {
  database.exec(PRAGMAS)
  refuseNewer(database, file, steps.length)
  for (let version = versionOf(database); version < steps.length; version++) {
    database.exec(`BEGIN IMMEDIATE; ${steps[version]} PRAGMA user_version = ${version + 1}; COMMIT;`)
  }
}

/** Settings of a connection that writes. */
export const writerPragmas = PRAGMAS

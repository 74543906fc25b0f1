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

/**
 * Opens the file for writing and brings it up to date.
 *
 * @throws MeshError MESH_DATA_NEWER when a newer release has written it.
 */
export const migrate = (database: DatabaseSync, file: string): void => {
  database.exec(PRAGMAS)
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number }
  if (row.user_version > MIGRATIONS.length) {
    throw new MeshError(
      'MESH_DATA_NEWER',
      `${file} has schema version ${row.user_version}; this release knows versions up to ${MIGRATIONS.length}.`,
    )
  }
  for (let version = row.user_version; version < MIGRATIONS.length; version++) {
    database.exec(`BEGIN IMMEDIATE; ${MIGRATIONS[version]} PRAGMA user_version = ${version + 1}; COMMIT;`)
  }
}

/** Settings of a connection that writes. */
export const writerPragmas = PRAGMAS

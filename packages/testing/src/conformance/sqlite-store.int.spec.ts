import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteEngine, sqliteStore, type SqliteEngine } from '@commerce-mesh/mesh'
import { storeConformance } from './index.ts'

let directory: string
let engine: SqliteEngine

const openStore = async () => {
  engine = await openSqliteEngine(directory)
  return sqliteStore(engine)
}

storeConformance({
  name: 'The SQLite store',
  open: async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesh-store-'))
    return openStore()
  },
  reopen: async () => {
    await engine.close()
    return openStore()
  },
  cleanup: async () => {
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  },
})

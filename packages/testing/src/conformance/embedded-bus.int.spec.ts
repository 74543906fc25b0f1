import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedBus, openSqliteEngine, type SqliteEngine } from '@commerce-mesh/mesh'
import { busConformance } from './index.ts'

let directory: string
let engine: SqliteEngine

const openBus = async () => {
  engine = await openSqliteEngine(directory)
  return embeddedBus(engine, { rebalanceGraceMs: 1_000 })
}

busConformance({
  name: 'The embedded bus',
  open: async () => {
    directory = await mkdtemp(join(tmpdir(), 'mesh-bus-'))
    return openBus()
  },
  reopen: async () => {
    await engine.close()
    return openBus()
  },
  cleanup: async () => {
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  },
})

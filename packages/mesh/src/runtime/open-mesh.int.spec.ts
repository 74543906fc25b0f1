import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { defaultConfig } from '../config/config.ts'
import { openSqliteEngine } from '../sqlite/engine.ts'
import { openMesh } from './open-mesh.ts'
import { packIt, packing } from './parcel-shop.fixture.ts'

describe('openMesh', () => {
  it('given a store that no mesh has ever run on, says so: “no dead letters” would be believed', async () => {
    const data = mkdtempSync(path.join(tmpdir(), 'mesh-empty-'))
    await (await openSqliteEngine(data)).close()
    const parts = { config: { ...defaultConfig(), data }, services: [packing(packIt)] }
    await expect(openMesh(parts, 'read')).rejects.toMatchObject({
      code: 'MESH_DATA_MISSING',
      message: expect.stringContaining('holds no mesh'),
    })
    await (await openMesh(parts, 'write')).close()
    const opened = await openMesh(parts, 'read')
    expect(await opened.operations.deadLetters({})).toEqual([])
    await opened.close()
  })
})

import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, type Server, createServer } from 'node:net'
import path from 'node:path'
import { inspect, promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { databaseOf } from './client.ts'
import { mongodbStore } from './mongodb-store.ts'

const USER = 'ada-the-user'
const PASSWORD = 's3cret-p4ss'
const TIMEOUT_MS = 500

const opening = async (url: string) => {
  const told: unknown[] = []
  const log = {
    info: (...said: unknown[]) => void told.push(said),
    warn: (...said: unknown[]) => void told.push(said),
  }
  const started = performance.now()
  const settings = { url, database: 'mesh', timeoutMs: TIMEOUT_MS }
  const failure: unknown = await mongodbStore({ settings, log }).catch((thrown: unknown) => thrown)
  return { failure, tookMs: performance.now() - started, shown: inspect([failure, told], { depth: 20 }) }
}

/** A server that takes connections and never says a word. */
const muteServer = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

describe('a MongoDB that does not answer', () => {
  it('is told of in time, without credentials', async () => {
    const { server, port } = await muteServer()
    server.close()
    await once(server, 'close')
    const { failure, tookMs, shown } = await opening(`mongodb://${USER}:${PASSWORD}@127.0.0.1:${port}/`)
    expect(failure).toMatchObject({
      code: 'MESH_STORE_UNAVAILABLE',
      message: `No MongoDB server that takes writes can be reached at 127.0.0.1:${port} (ECONNREFUSED).`,
    })
    expect(tookMs).toBeLessThan(TIMEOUT_MS + 1_000)
    expect(shown).not.toMatch(new RegExp(`${USER}|${PASSWORD}`))
  })

  it('is told of in time when it takes the connection', async () => {
    const { server, port } = await muteServer()
    const { failure, tookMs, shown } = await opening(`mongodb://${USER}:${PASSWORD}@127.0.0.1:${port}/`)
    server.close()
    expect(failure).toMatchObject({ code: 'MESH_STORE_UNAVAILABLE' })
    expect(tookMs).toBeLessThan(TIMEOUT_MS + 1_000)
    expect(shown).not.toMatch(new RegExp(`${USER}|${PASSWORD}`))
  })

  it('is told of where its certificate authority can’t be read', async () => {
    const url = 'mongodb://127.0.0.1:1/?tls=true&tlsCAFile=/nowhere/ca.pem'
    expect((await opening(url)).failure).toMatchObject({
      code: 'MESH_STORE_UNAVAILABLE',
      message: 'The connection to MongoDB at 127.0.0.1:1 failed (ENOENT).',
    })
  })
})

describe('a connection string', () => {
  it.each([
    `mongodb://${USER}:${PASSWORD}`,
    `mongodb://${USER}:${PASSWORD}@`,
    `mongodb://${USER}:p@ss?${PASSWORD}=1@127.0.0.1/`,
    `mongodb://127.0.0.1/?${PASSWORD}=1`,
    `mongodb://${USER}:%${PASSWORD}@127.0.0.1/`,
  ])('that can’t be used is refused, and quoted nowhere (%#)', async (url) => {
    const { failure, shown } = await opening(url)
    expect(failure).toMatchObject({ code: 'MESH_CONFIG_INVALID' })
    expect(shown).not.toMatch(new RegExp(`${USER}|${PASSWORD}`))
  })

  it('can’t weaken what the store promises', () => {
    const url = 'mongodb://127.0.0.1/?w=1&journal=false&readPreference=secondary&readConcernLevel=local'
    const { writeConcern, readConcern, readPreference } = databaseOf(new MongoClient(url), 'mesh').collection(
      'orders',
    )
    expect(writeConcern).toMatchObject({ w: 'majority', journal: true })
    expect(readConcern).toMatchObject({ level: 'majority' })
    expect(readPreference).toMatchObject({ mode: 'primary' })
  })
})

describe('the runtime', () => {
  it('does not load the driver of MongoDB until a store is opened', async () => {
    const script = `
      import { createRequire } from 'node:module'
      const mesh = await import('./index.ts')
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /node_modules.mongodb/.test(file))
      const before = loaded()
      const settings = { url: 'mongodb://127.0.0.1:1/', database: 'mesh', timeoutMs: 500 }
      await mesh.openMongodbStore({ settings, log: { info() {}, warn() {} } }).catch(() => {})
      console.log(JSON.stringify([before, loaded()]))
    `
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { cwd: path.join(import.meta.dirname, '../..') },
    )
    expect(JSON.parse(stdout)).toEqual([false, true])
  })
})

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describeRecipe } from '../recipe/describe-recipe.fixture.ts'
import { findPython } from '../recipe/tools.ts'
import { withMongo } from './hello.ts'
import { startMongo } from './start-mongo.ts'
import type { RunningMongo } from './start-mongo.ts'

await describeRecipe('mongodb', findPython, 'a MongoDB-protocol server of our own', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'mesh-mongo-'))
  let mongo: RunningMongo

  beforeAll(async () => void (mongo = await startMongo({ directory })))
  afterAll(async () => {
    await mongo?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  const insert = (count: number) =>
    withMongo(mongo.url, async (client) => {
      const orders = client.db('engines').collection('orders')
      for (let number = 0; number < count; number++) await orders.insertOne({ number })
    })
  const count = () =>
    withMongo(mongo.url, (client) => client.db('engines').collection('orders').countDocuments())

  it('still has what it acknowledged when it was killed and started again on the same folder', async () => {
    await insert(20)
    const { pid } = mongo
    await mongo.kill()
    await expect(count()).rejects.toThrow()
    await mongo.start()
    expect(mongo.pid).not.toBe(pid)
    expect(await count()).toBe(20)
  })

  it('can be stopped and started again too', async () => {
    await mongo.stop()
    await mongo.start()
    expect(await count()).toBe(20)
  })
})

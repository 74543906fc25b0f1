import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { CONTRACTS, fromStructured, readAs, toBinary } from '@commerce-mesh/contracts'
import type { CloudEvent } from '@commerce-mesh/contracts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { RUNNABLE } from '../services.ts'
import { startTracedMesh } from './traced-mesh.ts'
import type { TracedMesh } from './traced-mesh.ts'

const published = path.resolve(import.meta.dirname, '../../../contracts/published')

type Stored = { readonly file: string; readonly type: string; readonly text: string }

const stored: readonly Stored[] = readdirSync(published).flatMap((type) =>
  readdirSync(path.join(published, type, 'examples')).map((file) => ({
    file: `${type}/${file}`,
    type,
    text: readFileSync(path.join(published, type, 'examples', file), 'utf8'),
  })),
)

/** As a producer of that time has written it, with an order of its own, so that none is a duplicate of another. */
const recordOf = ({ type, text }: Stored, nth: number) => {
  const event: CloudEvent<unknown> = { ...fromStructured(text), id: `stored-${nth}` }
  const contract = CONTRACTS.find((one) => one.type === type)
  if (contract === undefined) throw new Error(`There is no contract of ${type} any more.`)
  const sound = readAs(contract, event)
  const { headers, value } = toBinary(event)
  return { topic: type, key: contract.key(sound.data), headers, value }
}

let shop: TracedMesh
beforeAll(async () => {
  shop = await startTracedMesh({})
})
afterAll(() => shop.close())

describe('stored events of every published version', () => {
  it('are there for each contract', () => {
    expect(new Set(stored.map(({ type }) => type))).toEqual(new Set(CONTRACTS.map(({ type }) => type)))
  })

  it('are read by today’s services: each has its fate, and none is refused', async () => {
    const taken = stored.filter(({ type }) =>
      RUNNABLE.some(({ consumes }) => consumes.some((one) => one.type === type)),
    )
    expect(taken.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['order.submitted.v1', 'order.placed.v1']),
    )
    await shop.mesh.bus.publish(taken.map(recordOf))
    await shop.settled()
    const letters = await shop.mesh.operations.deadLetters({ limit: 1_000 })
    expect(letters.filter(({ class: kind }) => kind === 'contract' || kind === 'poison')).toEqual([])
    const { drift, services } = await shop.mesh.operations.audit()
    expect(drift).toBe(0)
    expect(services.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThanOrEqual(taken.length)
  })
})

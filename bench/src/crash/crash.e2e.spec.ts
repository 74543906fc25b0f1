import { FAILPOINTS } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import { withFolder } from '../process/workspace.ts'
import { type CrashResult, killAtFailpoint, killAtRandom } from './crash-run.ts'

const unharmed = { lost: [], doubled: [], wrong: [], drift: 0 }

const expectUnharmed = (result: CrashResult) => {
  expect(result).toMatchObject(unharmed)
  expect(result.accepted).toBeGreaterThan(0)
}

/** A small generator with a seed, so that a failing run can be repeated (mulberry32). */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

// Records that can't be decoded do not come in through the gateway; that boundary is rehearsed with the runtime's own tests.
const boundaries = FAILPOINTS.filter((name) => name !== 'poison.after-put')

describe('a mesh that is killed', () => {
  it('loses and doubles nothing over SIGKILLs at random moments under load', async () => {
    await withFolder(async (folder) => expectUnharmed(await killAtRandom(folder, 8, seeded(20_261_121))))
  }, 180_000)

  it.each(boundaries)(
    'loses and doubles nothing when it dies at %s',
    async (name) => {
      await withFolder(async (folder) => expectUnharmed(await killAtFailpoint(folder, name, 7)))
    },
    120_000,
  )
})

import { describe, expect, it } from '@jest/globals'
import { chooseWay, demandedWay } from './choose-way.ts'
import type { DockerState } from './choose-way.ts'

const saw = (state: DockerState) => () => Promise.resolve(state)
const ready = saw({ is: 'ready' })
const absent = saw({ is: 'absent' })
const without = saw({ is: 'without image', image: 'apache/kafka:4.4.0' })
const unasked = () => Promise.reject(new Error('Docker was asked'))

describe('chooseWay', () => {
  it.each([
    ['Docker where it works', undefined, 1, ready, 'docker', 'a Docker daemon answers'],
    ['the recipe without a daemon', undefined, 1, absent, 'recipe', 'no Docker daemon answers here'],
    [
      'the recipe without the image',
      undefined,
      1,
      without,
      'recipe',
      'the image apache/kafka:4.4.0 is not here',
    ],
    ['the recipe that is demanded, and asks nobody', 'recipe', 1, unasked, 'recipe', 'MESH_ENGINES=recipe'],
    ['Docker that is demanded', 'docker', 1, ready, 'docker', 'MESH_ENGINES=docker'],
    [
      'the recipe for a cluster, and asks nobody',
      undefined,
      3,
      unasked,
      'recipe',
      'a cluster is only made by recipe',
    ],
  ] as const)('takes %s', async (_what, demanded, size, look, way, why) => {
    expect(await chooseWay(demanded, size, look)).toEqual({ way, why: expect.stringContaining(why) })
  })

  it.each([
    ['no daemon answers', 1, absent, 3, 'MESH_ENGINES=docker, but no Docker daemon answers here.'],
    ['the image is missing', 1, without, 3, 'MESH_ENGINES=docker, but the image apache/kafka:4.4.0'],
    ['a cluster is wanted', 3, ready, 2, 'A cluster of brokers is only made by recipe.'],
  ] as const)(
    'refuses to go on when Docker is demanded and %s',
    async (_when, size, look, exitCode, message) => {
      await expect(chooseWay('docker', size, look)).rejects.toMatchObject({
        exitCode,
        message: expect.stringContaining(message),
      })
    },
  )
})

describe('MESH_ENGINES', () => {
  it.each([
    [{}, undefined],
    [{ MESH_ENGINES: '' }, undefined],
    [{ MESH_ENGINES: 'docker' }, 'docker'],
    [{ MESH_ENGINES: 'recipe' }, 'recipe'],
  ])('%j demands %s', (env, way) => {
    expect(demandedWay(env)).toBe(way)
  })

  it('may be nothing else', () => {
    expect(() => demandedWay({ MESH_ENGINES: 'podman' })).toThrow('MESH_ENGINES=podman means nothing.')
  })
})

import { describe, expect, it } from '@jest/globals'
import { describeStray, isStray } from './stray-faults.ts'

const ROOT = '/srv/mesh'
const OURS = 'file:///srv/mesh/packages/mesh/src/runtime/consumer.ts:1:1'
const PLUGIN = 'file:///srv/plugins/labels/plugin.js:7:3'
const PACKAGE = 'file:///srv/mesh/node_modules/kafkajs/src/broker.js:1:1'
const INSTALLED = 'file:///srv/app/node_modules/@commerce-mesh/cli/dist/main.js:1:1'
const NODE = 'node:internal/deps/undici/undici:13510:13'

const thrownAt = (...frames: readonly string[]): Error =>
  Object.assign(new Error('ada@example.org'), {
    stack: ['Error: ada@example.org', ...frames.map((frame) => `    at work (${frame})`)].join('\n'),
  })

describe('a fault that nobody waits for', () => {
  it.each([
    ['a plugin’s promise', true, thrownAt(PLUGIN, OURS), true],
    ['a plugin’s promise, from a package that it uses', true, thrownAt(PACKAGE, PLUGIN), true],
    ['a promise of Node that a plugin made', true, thrownAt(NODE), true],
    ['a promise that was rejected with no error', true, 'no', true],
    ['a promise of the mesh', true, thrownAt(NODE, OURS), false],
    ['a promise of the mesh, installed', true, thrownAt(INSTALLED), false],
    ['a timer of a plugin', false, thrownAt(PLUGIN, NODE), true],
    ['a timer of the mesh', false, thrownAt(OURS, NODE), false],
    ['a timer of a package', false, thrownAt(PACKAGE), false],
  ])('%s: rejection %s', (_what, isRejection, thrown, stray) => {
    expect(isStray(thrown, ROOT, isRejection)).toBe(stray)
  })
})

describe('what is logged of it', () => {
  it('names the plugin’s places, at most five', () => {
    const thrown = thrownAt(PLUGIN, OURS, ...Array.from({ length: 9 }, () => PLUGIN))
    const { error, at } = describeStray(thrown, ROOT)
    expect(error).toBe('Error')
    expect(at).toEqual(Array.from({ length: 5 }, () => `at work (${PLUGIN})`))
  })

  it.each(['marker@example.org', 'like a frame\n    at marker@example.org (file:///a.js:1:2)'])(
    'has none of its words (promise 11): %j',
    (message) => {
      expect(JSON.stringify(describeStray(new Error(message), ROOT))).not.toContain('marker')
    },
  )

  it('has nothing of what is no error', () => {
    expect(describeStray('marker@example.org', ROOT)).toEqual({
      code: 'MESH_PLUGIN_ASTRAY',
      error: 'string',
      at: [],
    })
  })
})

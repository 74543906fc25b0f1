import { describe, expect, it } from '@jest/globals'
import { isStray } from './stray-faults.ts'

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

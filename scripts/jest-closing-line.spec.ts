import { describe, expect, it } from '@jest/globals'

type Module = { skippedForEngines(titles: readonly string[]): string | undefined }
const file: string = './jest-closing-line.mjs'
const { skippedForEngines } = (await import(file)) as Module

const skipped = (engine: string, command = 'npm run test:engines') =>
  `SKIPPED: no ${engine} here; \`${command}\` brings one (MESH_TEST_X)`

describe('the closing line', () => {
  it('says how many suites need which engine, and the command that brings it', () => {
    const titles = [
      skipped('kafka'),
      skipped('mongodb'),
      skipped('kafka'),
      skipped('jaeger', 'npm run test:jaeger'),
    ]
    expect(skippedForEngines(titles)).toBe(
      'SKIPPED, not passed: 2 suites need kafka, 1 suite needs mongodb (npm run test:engines); 1 suite needs jaeger (npm run test:jaeger)',
    )
  })

  it('says nothing of tests that are skipped for another reason', () => {
    expect(skippedForEngines(['a test that somebody switched off'])).toBeUndefined()
    expect(skippedForEngines([])).toBeUndefined()
  })
})

import { describe, expect, it } from '@jest/globals'
import { EngineError } from '../engine-error.ts'
import { demand } from './recipe.ts'
import { isAtLeast } from './tools.ts'

describe('isAtLeast', () => {
  it.each([
    ['17.0.15', '17', true],
    ['21', '17', true],
    ['11.0.2', '17', false],
    ['1.8.0_402', '17', false],
    ['3.9.18', '3.11', false],
    ['3.11.7', '3.11', true],
    ['3.13.0rc1', '3.11', true],
    ['1.26.8', '1.25', true],
    ['1.3', '1.25', false],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected)
  })
})

describe('demand', () => {
  const java = { tool: { command: 'java', version: '17' } }
  const noMaven = { missing: { what: 'Maven 3', how: 'apt-get install maven' } }
  const noJava = { missing: { what: 'Java 17 or later', how: 'apt-get install openjdk-17-jre-headless' } }

  it('returns what was found', () => {
    expect(demand('Kafka', [java])).toEqual([java.tool])
  })

  it('names everything that is missing at once, and how to get it', () => {
    const attempt = () => demand('Kafka', [noJava, noMaven])
    expect(attempt).toThrow(EngineError)
    expect(attempt).toThrow('Kafka can’t run here without Docker: Java 17 or later and Maven 3 are missing.')
    expect(attempt).toThrow(
      expect.objectContaining({
        exitCode: 3,
        action: expect.stringMatching(/openjdk-17[^]*install maven[^]*Or start Docker/),
      }),
    )
  })
})

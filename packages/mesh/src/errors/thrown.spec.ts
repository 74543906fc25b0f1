import { describe, expect, it } from '@jest/globals'
import { describeThrown } from './thrown.ts'

describe('describeThrown', () => {
  it('tells the name and where it was thrown', () => {
    const { name, stack = [] } = describeThrown(new RangeError('no'))
    expect(name).toBe('RangeError')
    expect(stack[0]).toMatch(/thrown\.spec\.ts:\d+:\d+/)
    expect(stack.length).toBeLessThanOrEqual(5)
  })

  it.each([
    'marker@example.org',
    'two lines\nmarker@example.org',
    'like a frame\n    at marker@example.org (file.ts:1:2)',
    '\n    at marker@example.org:1:2',
  ])('tells none of its words (promise 11): %j', (message) => {
    expect(JSON.stringify(describeThrown(new Error(message)))).not.toContain('marker')
  })

  it('tells only the type of anything else', () => {
    expect(describeThrown('marker@example.org')).toEqual({ name: 'string' })
    expect(describeThrown({ stack: 'marker@example.org', message: 'marker' })).toEqual({ name: 'object' })
  })
})

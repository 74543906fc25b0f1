import { describe, expect, it } from '@jest/globals'
import { createIdentityCache } from './identity-cache.ts'

describe('createIdentityCache', () => {
  it('forgets a value at its end, but not that it was there', () => {
    const cache = createIdentityCache<string>()
    cache.set('a', 'alice', 100)
    expect(cache.get('a', 99)).toBe('alice')
    expect(cache.get('a', 100)).toBeUndefined()
    expect(cache.had('a')).toBe(true)
    cache.delete('a')
    expect(cache.had('a')).toBe(false)
  })
})

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { INBOX_LIMIT, emptyDocument, remember, type Fate } from './document.ts'
import { knownFate } from './park.ts'

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `e-${from + at}`)

const inboxOf = (names: readonly string[]) =>
  names.reduce<Record<string, Fate>>((inbox, id) => remember(inbox, id, 'done'), {})

describe('remember', () => {
  it('adds an event and leaves the inbox given as it was', () => {
    const before = Object.freeze({ 'e-1': 'done' } as const)
    expect(remember(before, 'e-2', 'dead')).toEqual({ 'e-1': 'done', 'e-2': 'dead' })
    expect(before).toEqual({ 'e-1': 'done' })
  })

  it('replaces the fate of an event that was known', () => {
    expect(remember({ 'e-1': 'dead' }, 'e-1', 'done')).toEqual({ 'e-1': 'done' })
  })

  it('forgets the oldest beyond its limit, and only those', () => {
    const inbox = inboxOf(ids(INBOX_LIMIT))
    const fuller = remember(remember(inbox, 'new-1', 'done'), 'new-2', 'suppressed')
    expect(Object.keys(fuller)).toHaveLength(INBOX_LIMIT)
    expect(Object.keys(fuller)).toEqual([...ids(INBOX_LIMIT - 2, 2), 'new-1', 'new-2'])
  })

  it('remembers the event of now even where ids are plain numbers, which objects sort first', () => {
    const inbox = inboxOf(ids(INBOX_LIMIT))
    const fuller = remember(inbox, '7', 'done')
    expect(Object.keys(fuller)).toHaveLength(INBOX_LIMIT)
    expect(fuller['7']).toBe('done')
  })

  it('survives the way to the disk and back, whatever the ids are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'constructor', '7')),
        ),
        (names) => {
          const inbox = JSON.parse(JSON.stringify(inboxOf(names))) as Record<string, Fate>
          for (const id of names) expect(knownFate({ ...emptyDocument({}), inbox }, id)).toBe('done')
        },
      ),
    )
  })
})

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { EffectJournal } from './effect-journal.ts'
import type { LedgerEntry } from './ledger.ts'

const enrollment = { mode: 'verified', isActive: true, created: '2026-01-01T00:00:00Z', attributes: [] }
const entry: LedgerEntry = {
  user: 'alice',
  courseId: 'c',
  enrollment,
  effects: 1,
  calls: 2,
  lastOrderNumber: 'EDX-1',
}

describe('EffectJournal', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-journal-'))
    path = join(folder, 'effects.jsonl')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function open() {
    let found: LedgerEntry[] = []
    const journal = EffectJournal.open(
      path,
      (each) => found.push(each),
      () => {
        found = []
      },
    )
    return { journal, found: () => found }
  }

  it('has on disk what was appended, before it is closed', () => {
    const { journal } = open()
    journal.append(entry, 0)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ at: '1970-01-01T00:00:00.000Z', ...entry })
    journal.close()
  })

  it('hands over what an earlier life wrote, without its torn last line, and goes on behind it', () => {
    const first = open()
    first.journal.append(entry, 0)
    first.journal.close()
    appendFileSync(path, '{"at":"1970-01-01T00:00:')
    const second = open()
    expect(second.found()).toEqual([expect.objectContaining(entry)])
    second.journal.append({ ...entry, effects: 2 }, 1)
    second.journal.close()
    const third = open()
    expect(third.found().map((each) => each.effects)).toEqual([1, 2])
    third.journal.close()
  })

  it('remembers a reset', () => {
    const first = open()
    first.journal.append(entry, 0)
    first.journal.appendReset(1)
    first.journal.append({ ...entry, user: 'bob' }, 2)
    first.journal.close()
    const second = open()
    expect(second.found().map((each) => each.user)).toEqual(['bob'])
    second.journal.close()
  })

  it('refuses a file of something else, naming the line, and leaves it alone', () => {
    writeFileSync(path, 'precious\ntorn')
    expect(open).toThrow(/^Line 1 of .*effects\.jsonl is not an effect of a sandbox LMS/)
    expect(readFileSync(path, 'utf8')).toBe('precious\ntorn')
  })
})

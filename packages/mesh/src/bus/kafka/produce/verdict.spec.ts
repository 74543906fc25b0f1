import { describe, expect, it } from '@jest/globals'
import { verdictOf } from './verdict.ts'

describe('verdictOf', () => {
  it.each([
    ['written', 0],
    ['again', undefined],
    ['again', 3],
    ['again', 5],
    ['again', 6],
    ['again', 7],
    ['again', 19],
    ['again', 20],
    ['again', 56],
    ['again', -1],
    ['again', 9_999],
    ['smaller', 10],
    ['smaller', 18],
    ['never', 17],
    ['never', 29],
    ['never', 44],
    ['never', 87],
  ])('says %s for %s', (kind, code) => {
    expect(verdictOf(code).kind).toBe(kind)
  })

  it('explains, and keeps Kafka’s name', () => {
    expect(verdictOf(3)).toEqual({
      kind: 'again',
      mayBeWritten: false,
      words: 'the topic does not exist; `mesh topics apply` makes it (UNKNOWN_TOPIC_OR_PARTITION)',
    })
    expect(verdictOf(9_999)).toEqual({ kind: 'again', mayBeWritten: false, words: 'ERROR_9999' })
  })
})

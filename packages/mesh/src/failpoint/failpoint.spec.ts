import { describe, expect, it } from '@jest/globals'
import { FAILPOINTS, armFailpoints, type FailpointName } from './failpoint.ts'

/** Passes failpoints in turn; answers those at which the process would have been killed. */
const play = (setting: string, passed: readonly FailpointName[]) => {
  const killedAt: string[] = []
  let name: FailpointName
  const failpoint = armFailpoints(setting, () => killedAt.push(name))
  for (name of passed) failpoint(name)
  return killedAt
}

describe('failpoints', () => {
  it('kill nothing without a setting', () => {
    expect(play('', FAILPOINTS)).toEqual([])
  })

  it('kill at the place that is named, and at no other', () => {
    expect(play('outbox.published', FAILPOINTS)).toEqual(['outbox.published'])
  })

  it('kill at the pass that is named, and not before', () => {
    const twice = ['outbox.published', 'outbox.published'] as const
    expect(play('outbox.published:3', twice)).toEqual([])
    expect(play('outbox.published:3', [...twice, 'outbox.published'])).toEqual(['outbox.published'])
    expect(play('outbox.published:1', ['outbox.published'])).toEqual(['outbox.published'])
  })

  it('take several, each with its own count', () => {
    const passed = ['handler.before', 'handler.after', 'handler.before', 'handler.after'] as const
    expect(play('handler.before:2,handler.after:9', passed)).toEqual(['handler.before'])
  })

  it.each(['outbox.publised', 'outbox.published:0', 'outbox.published:x', 'outbox.published:', ':2'])(
    'refuse %s: a crash suite with a mistyped failpoint would prove nothing',
    (setting) => {
      expect(() => armFailpoints(setting)).toThrow(/MESH_FAILPOINTS/)
    },
  )
})

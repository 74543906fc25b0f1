import { describe, expect, it } from '@jest/globals'
import { createHealth } from './health.ts'

describe('health', () => {
  it('is ready when every check is well, and says nothing more', async () => {
    const health = createHealth()
    health.check('data', () => undefined)
    health.note('fulfillment', () => undefined)
    expect(await health.readiness()).toEqual({ ready: true, problems: {} })
  })

  it('is not ready when a check finds something, or throws', async () => {
    const health = createHealth()
    health.check('well', async () => undefined)
    health.check('ill', async () => 'the disk is full')
    health.check('broken', () => {
      throw new RangeError('no such thing')
    })
    expect(await health.readiness()).toEqual({
      ready: false,
      problems: { ill: 'the disk is full', broken: 'no such thing' },
    })
  })

  it('is not ready when one of two checks of one name finds something', async () => {
    const health = createHealth()
    health.check('start', () => 'is starting')
    health.check('start', () => undefined)
    expect(await health.readiness()).toEqual({ ready: false, problems: { start: 'is starting' } })
  })

  it('stays ready whatever a note says', async () => {
    const health = createHealth()
    health.note('fulfillment', () => 'held back')
    expect(await health.readiness()).toEqual({
      ready: true,
      problems: {},
      notes: { fulfillment: 'held back' },
    })
  })
})

import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { BLOCKING_MS, createBlockWatch } from './block-watch.ts'

const setUp = () => {
  const time = { ms: 1_000 }
  const logged: unknown[] = []
  const log = pino({}, { write: (line) => void logged.push(JSON.parse(line)) })
  const watch = createBlockWatch(log, () => time.ms)
  const take = (handler: string, ms: number) => watch(handler, () => (time.ms += ms))
  return { time, logged, watch, take }
}

describe('a handler that blocks the process', () => {
  it('is named with its service and the time that it took', () => {
    const { logged, take } = setUp()
    expect(take('print', BLOCKING_MS + 0.6)).toBe(1_500.6)
    expect(logged).toMatchObject([
      { level: 40, msg: 'handler blocks the process', handler: 'print', ms: 501 },
    ])
  })

  it('is not named where it takes no longer than it may', () => {
    const { logged, take } = setUp()
    take('print', BLOCKING_MS)
    expect(logged).toEqual([])
  })

  it('is not named for what it does after its first wait', async () => {
    const { time, logged, watch } = setUp()
    await watch('print', async () => {
      await Promise.resolve()
      time.ms += 10 * BLOCKING_MS
    })
    expect(logged).toEqual([])
  })

  it('is named also where it throws in the end', () => {
    const { time, logged, watch } = setUp()
    const slow = () => {
      time.ms += 2 * BLOCKING_MS
      throw new RangeError('marker')
    }
    expect(() => watch('print', slow)).toThrow(RangeError)
    expect(logged).toMatchObject([{ handler: 'print', ms: 1_000 }])
    expect(JSON.stringify(logged)).not.toContain('marker')
  })

  it('is named once a minute, each handler by itself', () => {
    const { time, logged, take } = setUp()
    for (let nth = 0; nth < 5; nth++) take('print', 1_000)
    take('stamp', 2_000)
    expect(logged).toMatchObject([{ handler: 'print' }, { handler: 'stamp' }])
    time.ms += 60_000
    take('print', 1_000)
    expect(logged).toHaveLength(3)
  })
})

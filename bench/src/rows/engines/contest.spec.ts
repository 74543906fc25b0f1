import { describe, expect, it } from '@jest/globals'
import type { Child } from '../../process/child.ts'
import { contest, of, over, spread, told } from './contest.ts'
import type { Side } from './side.ts'

/** An LMS that lets go after a time that the side that was begun last decides. */
const play = async (names: readonly string[], rounds: number, requests = 20) => {
  const began: string[] = []
  const speeds: Readonly<Record<string, number>> = { slow: 2_000, quick: 500 }
  const lms = {
    ask: async (question: string) =>
      question === 'release' ? { ms: speeds[began.at(-1) ?? ''] ?? 1_000, requests, most: 4 } : undefined,
  } as unknown as Child
  const sideOf = (name: string): Side => {
    let cpuMs = 0
    return {
      name,
      log: { place: async () => {} } as unknown as Side['log'],
      begin: async () => void began.push(name),
      end: async () => {},
      usage: async () => ({ cpuMs: (cpuMs += 50), rssMb: 100 }),
      stop: async () => {},
    }
  }
  const figures = await contest(
    lms,
    names.map((name) => ({ side: sideOf(name) })),
    { orders: 100, concurrency: 4, rounds, warmUp: 10 },
  )
  return { began, figures }
}

describe('contest', () => {
  it('warms everybody up, then lets another one begin each round', async () => {
    const { began } = await play(['slow', 'quick', 'third'], 3)
    expect(began.slice(0, 3)).toEqual(['slow', 'quick', 'third'])
    expect(began.slice(3)).toEqual([
      'slow',
      'quick',
      'third',
      'quick',
      'third',
      'slow',
      'third',
      'slow',
      'quick',
    ])
  })

  it('keeps each figure with its side, whoever began', async () => {
    const { figures } = await play(['slow', 'quick'], 2)
    expect(figures.map(of(0, 'perSecond'))).toEqual([50, 50])
    expect(figures.map(over(1, 0, 'perSecond'))).toEqual([4, 4])
    expect(figures.map(of(1, 'cpuMs'))).toEqual([0.5, 0.5])
  })
})

describe('drain', () => {
  it('refuses a turn in which more calls were made than two for each order', async () => {
    await expect(play(['slow'], 1, 21)).rejects.toThrow('something came twice')
  })
})

describe('spread', () => {
  it('tells the middle with the least and the most', async () => {
    const { figures } = await play(['slow'], 3)
    const rounds = figures.map(([turn], nth) => [{ ...turn!, perSecond: [30, 10, 20][nth] ?? 0 }])
    expect(told(spread(rounds, of(0, 'perSecond')), 0)).toBe('20 (10 to 30)')
  })
})

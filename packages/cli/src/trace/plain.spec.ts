import { describe, expect, it } from '@jest/globals'
import { PLAIN } from '../terminal/paint.ts'
import { plainStatus } from './plain.ts'
import { renderTrace } from './render.ts'
import { START, order, placed, submitted } from './timeline.fixture.ts'
import { HOSTILE, hostileOrder } from './waterfall/hostile.fixture.ts'

describe('plainStatus', () => {
  it('leaves an order as it is in which nothing is hidden', () => {
    const status = order([submitted, placed])
    expect(plainStatus(status)).toEqual(status)
  })

  it('lets nothing through that steers a terminal or turns text around', () => {
    const options = { consumers: new Map(), now: new Date(START), paint: PLAIN }
    const text = renderTrace(plainStatus(hostileOrder()), options).join('')
    expect(text).toContain(HOSTILE[0])
    expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u202E]/u)
  })
})

import { describe, expect, it } from '@jest/globals'
import { untilReady } from './ready.ts'

const waiting = { what: 'The server', hasEnded: () => false, timeoutMs: 10_000 }

describe('untilReady', () => {
  it('asks until the answer is yes; an error is no answer', async () => {
    const answers = [() => Promise.reject(new Error('ECONNREFUSED')), () => Promise.resolve(false)]
    let asked = 0
    await untilReady({ ...waiting, ask: () => answers[asked++]?.() ?? Promise.resolve(true) })
    expect(asked).toBe(3)
  })

  it('gives up as soon as the server has ended', async () => {
    const attempt = untilReady({ ...waiting, hasEnded: () => true, ask: () => Promise.resolve(false) })
    await expect(attempt).rejects.toMatchObject({ message: 'The server ended while it started.' })
  })

  it('gives up when the time is over, with the last error as its cause', async () => {
    const cause = new Error('ECONNREFUSED')
    const attempt = untilReady({ ...waiting, timeoutMs: 0, ask: () => Promise.reject(cause) })
    await expect(attempt).rejects.toMatchObject({ message: 'The server did not answer within 0 s.', cause })
  })
})

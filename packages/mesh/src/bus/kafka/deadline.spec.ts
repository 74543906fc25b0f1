import { describe, expect, it } from '@jest/globals'
import { persist } from './deadline.ts'

const failing = (times: number) => {
  let calls = 0
  const attempt = async () => {
    calls++
    if (calls <= times) throw new Error(`try ${calls}`)
    return calls
  }
  return { attempt, calls: () => calls }
}

describe('persist', () => {
  it('gives what the first successful try gave', async () => {
    expect(await persist(failing(2).attempt, { deadlineMs: 5_000 })).toBe(3)
  })

  it('stops at a failure that will not pass', async () => {
    const { attempt, calls } = failing(9)
    await expect(persist(attempt, { deadlineMs: 5_000, mayPass: () => false })).rejects.toThrow('try 1')
    expect(calls()).toBe(1)
  })

  it('does not knock again where the login is refused', async () => {
    let calls = 0
    const refused = async () => {
      calls++
      throw Object.assign(new Error('SASL PLAIN authentication failed: no'), {
        name: 'KafkaJSSASLAuthenticationError',
      })
    }
    await expect(persist(refused, { deadlineMs: 5_000 })).rejects.toThrow('SASL PLAIN')
    expect(calls).toBe(1)
  })

  it('throws the last failure when the time is over', async () => {
    const start = performance.now()
    await expect(persist(failing(1e9).attempt, { deadlineMs: 120 })).rejects.toThrow(/^try [2-9]$/)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  it('does not wait for a try that never ends', async () => {
    await expect(persist(() => new Promise(() => {}), { deadlineMs: 50 })).rejects.toThrow(
      'no answer within 50 ms',
    )
  })
})

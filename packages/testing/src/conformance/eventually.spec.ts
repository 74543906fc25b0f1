import { describe, expect, it } from '@jest/globals'
import { eventually, gate, turns, within } from './eventually.ts'

const never = new Promise<never>(() => {})

describe('eventually', () => {
  it('gives back the first truthy value', async () => {
    let looks = 0
    await expect(
      eventually(() => (++looks >= 3 ? `after ${looks}` : undefined), { everyMs: 1 }),
    ).resolves.toBe('after 3')
  })

  it('takes an error for “not yet”, and tells the last one in vain', async () => {
    let looks = 0
    const condition = async () => {
      if (++looks < 3) throw new Error(`look ${looks}`)
      return true
    }
    await expect(eventually(condition, { everyMs: 1 })).resolves.toBe(true)
    const failing = eventually(() => Promise.reject(new Error('broken')), {
      timeoutMs: 20,
      what: () => 'a miracle',
    })
    await expect(failing).rejects.toMatchObject({
      message: 'Waited 20 ms in vain for: a miracle.',
      cause: { message: 'broken' },
    })
  })

  it('gives up on a condition that never answers', async () => {
    await expect(eventually(() => never, { timeoutMs: 20, what: 'an answer' })).rejects.toThrow('an answer')
  })
})

describe('within', () => {
  it('hands the result or the error through', async () => {
    await expect(within(Promise.resolve(7), 1_000, 'seven')).resolves.toBe(7)
    await expect(within(Promise.reject(new Error('no')), 1_000, 'no')).rejects.toThrow('no')
  })

  it('names what did not settle', async () => {
    await expect(within(never, 10, 'the end')).rejects.toThrow('Not settled after 10 ms: the end.')
  })
})

describe('gate', () => {
  it('holds until it is opened', async () => {
    const door = gate()
    let passed = false
    const passing = door.opened.then(() => (passed = true))
    await turns(3)
    expect(passed).toBe(false)
    door.open()
    await passing
    expect(passed).toBe(true)
  })
})

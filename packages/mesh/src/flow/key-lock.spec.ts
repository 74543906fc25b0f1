import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { gate, settled } from './eventually.fixture.ts'
import { createKeyLock } from './key-lock.ts'

describe('key lock', () => {
  it('runs work of one key one after the other, in the order it came, and other keys meanwhile', async () => {
    const lock = createKeyLock()
    const slow = gate()
    const ran: string[] = []
    const all = [
      lock.run('a', async () => {
        await slow.opened
        ran.push('a1')
      }),
      lock.run('a', async () => void ran.push('a2')),
      lock.run('b', async () => void ran.push('b1')),
    ]
    await settled()
    expect(ran).toEqual(['b1'])
    expect([lock.busy('a'), lock.busy('b')]).toEqual([true, false])
    slow.open()
    await Promise.all(all)
    expect(ran).toEqual(['b1', 'a1', 'a2'])
  })

  it('answers each caller with its own result or error, and goes on after an error', async () => {
    const lock = createKeyLock()
    const answers = await Promise.allSettled([
      lock.run('a', async () => 1),
      lock.run('a', () => Promise.reject(new Error('second'))),
      lock.run('a', async () => 3),
    ])
    expect(answers).toMatchObject([{ value: 1 }, { reason: { message: 'second' } }, { value: 3 }])
  })

  it('holds nothing for keys at rest', async () => {
    const lock = createKeyLock()
    await Promise.allSettled([
      lock.run('a', async () => 1),
      lock.run('a', () => Promise.reject(new Error('no'))),
    ])
    await settled()
    expect(lock.busy('a')).toBe(false)
  })

  it('never runs two of a key at once, whatever comes when', async () => {
    const work = fc.record({ key: fc.constantFrom('a', 'b', 'c'), steps: fc.nat(4), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(work, { maxLength: 40 }), async (works) => {
        const lock = createKeyLock()
        const running = new Set<string>()
        const done: number[] = []
        const runs = works.map(({ key, steps, fails }, nth) =>
          lock.run(key, async () => {
            expect(running.has(key)).toBe(false)
            running.add(key)
            for (let step = 0; step < steps; step++) await Promise.resolve()
            running.delete(key)
            done.push(nth)
            if (fails) throw new Error(`${nth}`)
          }),
        )
        const failures = (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected')
        expect(failures).toHaveLength(works.filter(({ fails }) => fails).length)
        for (const key of ['a', 'b', 'c']) {
          const own = done.filter((nth) => works[nth]?.key === key)
          expect(own).toEqual(own.toSorted((a, b) => a - b))
        }
      }),
    )
  })
})

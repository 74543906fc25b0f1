import { describe, expect, it } from '@jest/globals'
import { gate, settled } from './eventually.fixture.ts'
import { createSlots } from './slots.ts'

describe('slots', () => {
  it('runs as much at once as there are slots, the rest in the order it came', async () => {
    const slots = createSlots(2)
    const gates = [gate(), gate(), gate(), gate()]
    const started: number[] = []
    const all = gates.map(({ opened }, nth) =>
      slots.run(async () => {
        started.push(nth)
        await opened
      }),
    )
    await settled()
    expect(started).toEqual([0, 1])
    expect(slots.used).toBe(2)
    gates[1]?.open()
    await settled()
    expect(started).toEqual([0, 1, 2])
    for (const { open } of gates) open()
    await Promise.all(all)
    expect(started).toEqual([0, 1, 2, 3])
    expect(slots.used).toBe(0)
  })

  it('frees the slot of work that fails, and passes the error on', async () => {
    const slots = createSlots(1)
    const failing = slots.run(() => Promise.reject(new Error('broken')))
    const next = slots.run(async () => 'ran')
    await expect(failing).rejects.toThrow('broken')
    await expect(next).resolves.toBe('ran')
    const thrower = slots.run((): Promise<never> => {
      throw new Error('at once')
    })
    await expect(thrower).rejects.toThrow('at once')
    expect(slots.used).toBe(0)
  })
})

import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createPacer, type PacerClock } from './pacer.ts'

/** A clock that stands still but for who sleeps on it: it jumps to the moment slept for. */
const jumpingClock = () => {
  let now = 0
  const clock: PacerClock = {
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      now += ms
    },
  }
  return clock
}

/** A clock on which sleepers wait until their signal aborts. */
const stoppedClock = () => {
  let asleep = 0
  const clock: PacerClock = {
    now: () => 0,
    sleep: (_ms, signal) => {
      asleep++
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          asleep--
          reject(signal.reason as Error)
        }),
      )
    },
  }
  return { ...clock, asleep: () => asleep }
}

const never = () => new AbortController().signal

describe('pacer', () => {
  it('lets the burst through at once and the rest at its rate, in the order they came', async () => {
    const clock = jumpingClock()
    const pacer = createPacer({ perMinute: 60, burst: 2 }, clock)
    const passed: [string, number][] = []
    const go = async (name: string) => {
      await pacer.pass(never())
      passed.push([name, clock.now()])
    }
    await Promise.all(['a', 'b', 'c', 'd'].map(go))
    expect(passed).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1_000],
      ['d', 2_000],
    ])
  })

  it('lets a waiter go when its signal aborts, with the reason, without using a token', async () => {
    const pacer = createPacer({ perMinute: 60, burst: 1 }, stoppedClock())
    await pacer.pass(never())
    const impatient = new AbortController()
    const waiting = pacer.pass(impatient.signal)
    impatient.abort(new Error('deadline'))
    await expect(waiting).rejects.toThrow('deadline')
  })

  it('serves who stands behind a waiter that gave up, and nobody overtakes', async () => {
    const clock = stoppedClock()
    const pacer = createPacer({ perMinute: 60, burst: 1 }, clock)
    await pacer.pass(never())
    const [front, middle, back] = [new AbortController(), new AbortController(), new AbortController()]
    const settled: string[] = []
    const note = (name: string, passing: Promise<void>) =>
      passing.catch(() => undefined).then(() => settled.push(name))
    const all = [
      note('front', pacer.pass(front.signal)),
      note('middle', pacer.pass(middle.signal)),
      note('back', pacer.pass(back.signal)),
    ]
    middle.abort()
    await all[1]
    await setImmediate()
    expect(settled).toEqual(['middle'])
    expect(clock.asleep()).toBe(1)
    front.abort()
    await all[0]
    // Now the last one is at the bucket, asleep; only its own signal can wake it.
    back.abort(new Error('mine'))
    await all[2]
    expect(settled).toEqual(['middle', 'front', 'back'])
  })

  it('does not start for a signal that aborted before', async () => {
    const pacer = createPacer({ perMinute: 60, burst: 1 }, jumpingClock())
    await expect(pacer.pass(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    await pacer.pass(never())
  })

  it('sleeps on the real clock too', async () => {
    const pacer = createPacer({ perMinute: 6_000, burst: 1 })
    const start = performance.now()
    await pacer.pass(never())
    await pacer.pass(never())
    await pacer.pass(never())
    expect(performance.now() - start).toBeGreaterThanOrEqual(19)
  })

  it('wakes a sleeper of the real clock with the reason of its signal', async () => {
    const pacer = createPacer({ perMinute: 1, burst: 1 })
    await pacer.pass(never())
    const shutdown = new AbortController()
    const waiting = pacer.pass(shutdown.signal)
    await setImmediate()
    shutdown.abort(new Error('shutting down'))
    await expect(waiting).rejects.toThrow('shutting down')
  })
})

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { MeshError } from '../errors/mesh-error.ts'
import { patiently } from './patience.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

const setUp = () => {
  const warned: string[] = []
  const log = { warn: (_: unknown, text: string) => void warned.push(text) } as never
  return { warned, parts: { log, now: Date.now } }
}

describe('patiently', () => {
  it('goes on asking while an engine can’t be reached, says so, and answers when it can', async () => {
    const { warned, parts } = setUp()
    let tries = 0
    const work = patiently(async () => {
      if (++tries < 4) throw new MeshError('MESH_BUS_UNAVAILABLE', 'No broker answers.')
      return 'up'
    }, parts)
    await jest.advanceTimersByTimeAsync(3_000)
    await expect(work).resolves.toBe('up')
    expect(warned).toEqual(Array(3).fill('No broker answers. Trying again.'))
  })

  it('gives up after a minute with what happened last', async () => {
    const { parts } = setUp()
    const work = patiently(async () => {
      throw new MeshError('MESH_STORE_UNAVAILABLE', 'No database answers.', { action: 'Look there.' })
    }, parts)
    const ended = expect(work).rejects.toMatchObject({
      code: 'MESH_STORE_UNAVAILABLE',
      message: 'No database answers. Gave up after 60 s.',
      action: 'Look there.',
    })
    await jest.advanceTimersByTimeAsync(61_000)
    await ended
  })

  it('gives up when nobody waits for it any more', async () => {
    const { parts } = setUp()
    const stop = new AbortController()
    const failure = new MeshError('MESH_BUS_UNAVAILABLE', 'No broker answers.')
    const work = patiently(async () => Promise.reject(failure), { ...parts, signal: stop.signal })
    const ended = expect(work).rejects.toBe(failure)
    await jest.advanceTimersByTimeAsync(2_500)
    stop.abort()
    await ended
    expect(jest.getTimerCount()).toBe(0)
  })

  it('does not wait for what waiting does not mend', async () => {
    const { parts } = setUp()
    const failure = new MeshError('MESH_CONFIG_INVALID', 'A topic is not safe.')
    await expect(patiently(async () => Promise.reject(failure), parts)).rejects.toBe(failure)
    const refused = new MeshError('MESH_BUS_UNAVAILABLE', 'The brokers refuse the login.', { lasting: true })
    await expect(patiently(async () => Promise.reject(refused), parts)).rejects.toBe(refused)
  })
})

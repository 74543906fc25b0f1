import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { pino } from 'pino'
import { gate } from '../flow/eventually.fixture.ts'
import type { Query, Store } from '../store/store.ts'
import { createSweeper } from './sweeper.ts'

const START = 1_000_000

beforeEach(() => {
  jest.useFakeTimers({ now: START })
})
afterEach(() => {
  jest.useRealTimers()
})

/** Outboxes by key with the time since when each is not empty. */
const setUp = (
  outboxes: Map<string, number>,
  sweep: (key: string) => Promise<void>,
  { exclusive = true }: { exclusive?: boolean } = {},
) => {
  const logged: string[] = []
  const queries: Query[] = []
  const find = async (_collection: string, query: Query) => {
    queries.push(query)
    const due = [...outboxes].filter(([key, since]) => since <= Number(query.to) && key > (query.after ?? ''))
    const documents = due.slice(0, 2).map(([id]) => ({ id, version: 1, body: {} }))
    const last = documents.at(-1)
    return { documents, ...(due.length > 2 && last !== undefined && { next: last.id }) }
  }
  const store = { find } as unknown as Store
  const log = pino({}, { write: (line) => void logged.push(line) })
  const sweeper = createSweeper({ store, service: 'packing', exclusive, log, now: Date.now }, sweep)
  return { sweeper, logged, queries }
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

describe('sweeper (promise 4)', () => {
  it('sweeps everything at the start, page by page: whatever is there was left behind', async () => {
    const swept: string[] = []
    const outboxes = new Map(['a', 'b', 'c', 'd', 'e'].map((key) => [key, START]))
    const { sweeper } = setUp(outboxes, async (key) => void swept.push(key))
    await pass(0)
    expect(swept.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
    await sweeper.close()
  })

  it('leaves fresh outboxes alone at the start where other processes work on the same documents', async () => {
    const swept: string[] = []
    const outboxes = new Map([
      ['fresh', START - 1_000],
      ['left-behind', START - 6_000],
    ])
    const { sweeper } = setUp(outboxes, async (key) => void swept.push(key), { exclusive: false })
    await pass(0)
    expect(swept).toEqual(['left-behind'])
    await sweeper.close()
  })

  it('leaves an outbox to its owner at first, and takes it over after some seconds', async () => {
    const swept: string[] = []
    const outboxes = new Map<string, number>()
    const { sweeper } = setUp(outboxes, async (key) => {
      swept.push(key)
      outboxes.delete(key)
    })
    await pass(0)
    outboxes.set('a', Date.now())
    await pass(4_900)
    expect(swept).toEqual([])
    await pass(2_700)
    expect(swept).toEqual(['a'])
    await sweeper.close()
  })

  it('goes on with the others when one can’t be published, says so, and comes back to it', async () => {
    const swept: string[] = []
    let out = true
    const outboxes = new Map(['a', 'b', 'c'].map((key) => [key, START]))
    const { sweeper, logged } = setUp(outboxes, async (key) => {
      if (key === 'a' && out) throw new Error('The bus is out.')
      swept.push(key)
      outboxes.delete(key)
    })
    await pass(0)
    expect(swept).toEqual(['b', 'c'])
    expect(logged).toHaveLength(1)
    out = false
    await pass(10_000)
    expect(swept).toEqual(['b', 'c', 'a'])
    await sweeper.close()
  })

  it('ends with what it sweeps just now, and sweeps no more', async () => {
    const slow = gate()
    const swept: string[] = []
    const outboxes = new Map(['a', 'b'].map((key) => [key, START]))
    const { sweeper } = setUp(outboxes, async (key) => {
      swept.push(key)
      await slow.opened
    })
    await pass(0)
    let closed = false
    const closing = sweeper.close().then(() => (closed = true))
    await pass(0)
    expect(closed).toBe(false)
    slow.open()
    await closing
    await pass(60_000)
    expect(swept).toHaveLength(1)
    expect(jest.getTimerCount()).toBe(0)
  })
})

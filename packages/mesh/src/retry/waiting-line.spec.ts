import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { pino } from 'pino'
import { gate } from '../flow/eventually.fixture.ts'
import type { AggregateDocument } from '../aggregate/document.ts'
import type { Query, Store } from '../store/store.ts'
import { createWaitingLine } from './waiting-line.ts'

const START = 1_000_000

beforeEach(() => {
  jest.useFakeTimers({ now: START })
})
afterEach(() => {
  jest.useRealTimers()
})

type Resume = (key: string) => Promise<void>

/** A line over keys with their due times; `resume` takes the key out unless it says otherwise. */
const setUp = (
  due: Map<string, number>,
  {
    concurrency = 10,
    resume,
    onFind,
    mine = () => true,
  }: {
    concurrency?: number
    resume?: Resume
    onFind?: (query: Query) => Promise<void> | void
    mine?: (document: AggregateDocument) => boolean
  } = {},
) => {
  const resumed: [key: string, after: number][] = []
  const trouble = { store: false }
  const find = async (_collection: string, query: Query) => {
    const { from = 0, to = Infinity, limit, after = '0' } = query
    if (trouble.store) throw new Error('The disk is out.')
    const found = [...due]
      .filter(([, at]) => at >= Number(from) && at <= Number(to))
      .toSorted((a, b) => a[1] - b[1])
    const end = Number(after) + limit
    const documents = found
      .slice(Number(after), end)
      .map(([id, dueAt]) => ({ id, version: 1, body: { waiting: { dueAt, records: [{ key: id }] } } }))
    await onFind?.(query)
    return { documents, ...(found.length > end && { next: String(end) }) }
  }
  const store = { find } as unknown as Store
  const log = pino({ level: 'silent' })
  const line = createWaitingLine(
    { store, service: 'packing', concurrency, mine, log, now: Date.now },
    async (key) => {
      resumed.push([key, Date.now() - START])
      if (resume !== undefined) await resume(key)
      due.delete(key)
    },
  )
  return { line, resumed, trouble }
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

describe('waiting line', () => {
  it('resumes each key when it is due: what it finds at the start, and what it is told of', async () => {
    const due = new Map([
      ['late', START + 400],
      ['overdue', START - 5_000],
    ])
    const { line, resumed } = setUp(due)
    await pass(100)
    due.set('told', START + 250)
    line.dueAt(START + 250)
    await pass(1_000)
    expect(resumed).toEqual([
      ['overdue', 0],
      ['told', 250],
      ['late', 400],
    ])
    await line.close()
  })

  it('looks by itself every second: another process may have put something in line', async () => {
    const due = new Map<string, number>()
    const { line, resumed } = setUp(due)
    await pass(10)
    due.set('redriven', START)
    await pass(1_000)
    expect(resumed).toEqual([['redriven', 1_000]])
    await line.close()
  })

  it('misses nothing that comes due while it looks', async () => {
    const due = new Map<string, number>()
    const { line, resumed } = setUp(due, { onFind: () => jest.setSystemTime(Date.now() + 1) })
    await pass(10)
    // The line looks a moment too early; the time comes between its two questions to the store.
    due.set('a', Date.now() + 41)
    line.dueAt(Date.now() + 40)
    await pass(200)
    expect(resumed).toHaveLength(1)
    await line.close()
  })

  it('resumes no more keys at once than it may, and the next as soon as one has ended', async () => {
    const gates = new Map(['a', 'b', 'c', 'd'].map((key) => [key, gate()]))
    const due = new Map([...gates.keys()].map((key, nth) => [key, START - 10 + nth]))
    const { line, resumed } = setUp(due, {
      concurrency: 2,
      resume: (key) => gates.get(key)?.opened ?? Promise.resolve(),
    })
    await pass(3_000)
    expect(resumed.map(([key]) => key)).toEqual(['a', 'b'])
    gates.get('b')?.open()
    await pass(0)
    expect(resumed.map(([key]) => key)).toEqual(['a', 'b', 'c'])
    for (const { open } of gates.values()) open()
    await pass(0)
    expect(resumed.map(([key]) => key)).toEqual(['a', 'b', 'c', 'd'])
    await line.close()
  })

  it('leaves to others what is theirs, and sees its own behind it', async () => {
    const due = new Map(Array.from({ length: 7 }, (_, nth) => [`theirs-${nth}`, START - 100 + nth]))
    due.set('mine', START)
    const mine = ({ waiting }: AggregateDocument) => waiting?.records[0]?.key === 'mine'
    const { line, resumed } = setUp(due, { concurrency: 2, mine })
    await pass(2_500)
    expect(resumed).toEqual([['mine', 0]])
    await line.close()
  })

  it('searches once at a time, and once more for all that ended meanwhile', async () => {
    const slow = gate()
    const keys = Array.from({ length: 8 }, (_, nth) => `mine-${nth}`)
    const due = new Map(keys.map((key, nth) => [key, START - 10 + nth]))
    const ends = gate()
    let [searching, most, searches, hold] = [0, 0, 0, false]
    const { line, resumed } = setUp(due, {
      resume: () => ends.opened,
      onFind: async ({ to }) => {
        if (to === undefined) return
        searches++
        most = Math.max(most, ++searching)
        if (hold) await slow.opened
        searching--
      },
    })
    await pass(10)
    expect(resumed).toHaveLength(8)
    hold = true
    await pass(1_000)
    expect(searching).toBe(1)
    const before = searches
    ends.open()
    await pass(5_000)
    expect(searches).toBe(before)
    hold = false
    slow.open()
    await pass(0)
    expect([searches, most]).toEqual([before + 1, 1])
    expect(resumed).toHaveLength(8)
    await line.close()
  })

  it('reads what others own in pages of 200, and begins with as many as it may start', async () => {
    const due = new Map(Array.from({ length: 1_000 }, (_, nth) => [`theirs-${nth}`, START - 2_000 + nth]))
    const limits: number[] = []
    const { line } = setUp(due, {
      concurrency: 4,
      mine: () => false,
      onFind: ({ to, limit }) => void (to !== undefined && limits.push(limit)),
    })
    await pass(500)
    expect(limits).toEqual([4, 200, 200, 200, 200, 200])
    await line.close()
    const many = setUp(due, {
      concurrency: 900,
      mine: () => false,
      onFind: ({ to, limit }) => void (to !== undefined && limits.push(limit)),
    })
    await pass(500)
    expect(Math.max(...limits)).toBe(200)
    await many.line.close()
  })

  it('waits at its end for the search that runs', async () => {
    const slow = gate()
    const { line, resumed } = setUp(new Map([['a', START]]), { onFind: () => slow.opened })
    await pass(1_500)
    let closed = false
    const closing = line.close().then(() => (closed = true))
    await pass(1_000)
    expect(closed).toBe(false)
    slow.open()
    await closing
    expect(resumed).toEqual([])
  })

  it('survives a store that can’t be read, and goes on when it can', async () => {
    const due = new Map([['a', START + 100]])
    const { line, resumed, trouble } = setUp(due)
    trouble.store = true
    await pass(5_000)
    expect(resumed).toEqual([])
    trouble.store = false
    await pass(1_000)
    expect(resumed).toHaveLength(1)
    await line.close()
  })

  it('ends with what it has resumed, and resumes no more', async () => {
    const slow = gate()
    const due = new Map([
      ['a', START],
      ['b', START + 50],
    ])
    const { line, resumed } = setUp(due, { resume: () => slow.opened })
    await pass(10)
    let closed = false
    const closing = line.close().then(() => (closed = true))
    await pass(1_000)
    expect(closed).toBe(false)
    slow.open()
    await closing
    await pass(10_000)
    expect(resumed.map(([key]) => key)).toEqual(['a'])
    expect(jest.getTimerCount()).toBe(0)
  })
})

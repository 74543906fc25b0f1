import { describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { createKeyDispatcher } from '../../../dispatch/key-dispatcher.ts'
import { type Gate, eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import type { Commit } from './group-requests.ts'
import { createOwnership } from './ownership.ts'

const TOPIC = 'parcel.ordered.v1'
const place = (partition: number) => ({ topic: TOPIC, partition })

/** Partitions of ten records each; `held` says what keeps a record from finishing. */
const open = ({ graceMs = 60_000, held = (): Gate | undefined => undefined } = {}) => {
  const events: string[] = []
  const signals: AbortSignal[] = []
  const flushed = gate()
  let waitForFlush = false
  const ownership = createOwnership({
    dispatcher: createKeyDispatcher(
      () => 100,
      () => {},
    ),
    handle: async ({ partition, offset }, signal) => {
      signals.push(signal)
      await held()?.opened
      events.push(`${signal.aborted ? 'late' : 'finished'} ${partition}/${offset}`)
    },
    window: 4,
    mayStart: () => true,
    graceMs,
    committer: {
      soon: () => {},
      flush: async (of) => {
        if (waitForFlush) await flushed.opened
        for (const commit of ownership.news().filter(of)) {
          events.push(`committed ${commit.partition}/${commit.offset}`)
          ownership.committed(commit)
        }
      },
    },
    onTaken: (partitions) => {
      for (const partition of partitions) {
        events.push(`taken ${partition.place.partition}`)
        partition.start(0, undefined)
        partition.accept(0, {
          ...partition.place,
          refusal: undefined,
          messages: Array.from({ length: 10 }, (_, offset) => ({
            offset: `${offset}`,
            timestamp: `${1_000 + offset + partition.place.partition}`,
            key: Buffer.from(`${partition.place.partition}-${offset}`),
            value: null,
          })),
          aborted: [],
        })
        ownership.fill(partition)
      }
    },
    onRoom: () => {},
    onReleased: () => void events.push('released'),
    log: pino({ level: 'silent' }),
  })
  return {
    ownership,
    events,
    signals,
    flushed,
    holdFlush: () => (waitForFlush = true),
    numbers: () => ownership.assigned().map(({ partition }) => partition),
  }
}

describe('ownership', () => {
  it('works on what it is given, all of it', async () => {
    const { ownership, events, numbers } = open()
    ownership.settle([place(0), place(1)])
    await eventually('all', () => events.filter((event) => event.startsWith('finished')).length === 20)
    expect(numbers()).toEqual([0, 1])
    expect(ownership.news()).toEqual([
      { ...place(0), offset: 10 },
      { ...place(1), offset: 10 },
    ])
  })

  it('goes on undisturbed with what it keeps', async () => {
    const held = gate()
    const { ownership, events, signals } = open({ held: () => held })
    ownership.settle([place(0)])
    await eventually('the window', () => signals.length === 4)
    ownership.settle([place(0), place(1)])
    ownership.settle([place(0)])
    held.open()
    await eventually('all', () => events.filter((event) => event.startsWith('finished 0/')).length === 10)
    expect(events.filter((event) => event === 'taken 0')).toHaveLength(1)
  })

  it('gives back what it has drained and committed, in this order, and may commit it until then', async () => {
    const held = gate()
    const { ownership, events, signals, flushed, holdFlush, numbers } = open({ held: () => held })
    ownership.settle([place(0)])
    await eventually('the window', () => signals.length === 4)
    holdFlush()
    ownership.settle([])
    await settled()
    expect(numbers()).toEqual([])
    expect(ownership.has(place(0))).toBe(true)
    expect(ownership.held()).toHaveLength(1)
    expect(signals.some(({ aborted }) => aborted)).toBe(false)
    held.open()
    await eventually('the ends', () => events.includes('finished 0/3'))
    expect(events).not.toContain('released')
    flushed.open()
    await eventually('the release', () => events.includes('released'))
    expect(events.slice(-2)).toEqual(['committed 0/4', 'released'])
    expect(ownership.has(place(0))).toBe(false)
    expect(signals).toHaveLength(4)
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
  })

  it('waits no longer than the grace for what it gives back', async () => {
    const held = gate()
    const { ownership, events, signals } = open({ held: () => held, graceMs: 10 })
    ownership.settle([place(0)])
    await eventually('the window', () => signals.length === 4)
    ownership.settle([])
    await eventually('the release', () => events.includes('released'))
    held.open()
    await eventually('the late ends', () => events.includes('late 0/3'))
    expect(events.some((event) => event.startsWith('committed'))).toBe(false)
    expect(ownership.news()).toEqual([])
  })

  it('loses everything on the spot, also what it was giving back, and asks for no other round', async () => {
    const held = gate()
    const { ownership, events, signals } = open({ held: () => held })
    ownership.settle([place(0), place(1)])
    await eventually('the windows', () => signals.length === 8)
    ownership.settle([place(0)])
    ownership.loseAll()
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    expect(ownership.has(place(0)) || ownership.has(place(1))).toBe(false)
    expect(ownership.oldest()).toBeUndefined()
    held.open()
    await eventually('the late ends', () => events.filter((event) => event.startsWith('late')).length === 8)
    await settled()
    expect(events).not.toContain('released')
    expect(ownership.news()).toEqual([])
  })

  it('takes again what it has lost, from the start', async () => {
    const { ownership, events } = open()
    ownership.settle([place(0)])
    ownership.loseAll()
    ownership.settle([place(0)])
    await eventually('all', () => events.filter((event) => event.startsWith('finished')).length === 10)
    expect(events.filter((event) => event === 'taken 0')).toHaveLength(2)
  })

  it('drains all when it ends, commits, and holds nothing any more', async () => {
    const held = gate()
    const { ownership, events, signals } = open({ held: () => held })
    ownership.settle([place(0), place(1)])
    await eventually('the windows', () => signals.length === 8)
    expect(ownership.oldest()).toBe(1_000)
    const drained = ownership.drainAll(60_000)
    held.open()
    await drained
    expect(events.filter((event) => event.startsWith('committed')).toSorted()).toEqual([
      'committed 0/4',
      'committed 1/4',
    ])
    expect(ownership.held()).toEqual([])
  })

  it('begins a partition anew elsewhere; a commit that was on its way counts for the old one only', async () => {
    const { ownership, events } = open()
    ownership.settle([place(0)])
    await eventually('all', () => events.filter((event) => event.startsWith('finished')).length === 10)
    const [commit] = ownership.news() as [Commit]
    const [old] = ownership.held()
    const renewed = old && ownership.renew(old)
    expect(old?.aborted()).toBe(true)
    renewed?.start(2, undefined)
    ownership.committed(commit)
    expect(ownership.held()).toEqual([renewed])
    expect(old && ownership.renew(old)).toBeUndefined()
    const messages = [{ offset: '2', timestamp: '1', key: null, value: null }]
    renewed?.accept(2, { ...place(0), refusal: undefined, messages, aborted: [] })
    renewed?.fill()
    await eventually('the record', () => ownership.news().length === 1)
    expect(ownership.news()).toEqual([{ ...place(0), offset: 3 }])
  })
})

import type { OrderStatus } from '@commerce-mesh/gateway'
import { MeshError } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import {
  attentionTo,
  dead,
  event,
  fulfilled,
  granted,
  hop,
  joined,
  letter,
  order,
  placed,
  retry,
  submitted,
} from '../timeline.fixture.ts'
import { follow } from './follow.ts'
import type { Follower } from './follow.ts'

type Answer = OrderStatus | undefined | Error

const gone = new MeshError('MESH_GATEWAY_UNREACHABLE', 'No mesh answers.')

/** Follows an order whose status is one answer after the other, the last one for ever; ends after so many questions. */
const followed = async (answers: readonly Answer[], questions = answers.length) => {
  const told: string[] = []
  const pauses: number[] = []
  const stop = new AbortController()
  let asked = 0
  let now = 0
  const follower: Follower = {
    waiting: () => void told.push('waiting'),
    first: ({ timeline }) => void told.push(`first ${timeline.map(({ id }) => id).join()}`),
    facts: (entries) => void told.push(`facts ${entries.map(({ id }) => id).join()}`),
    attention: () => void told.push('attention'),
    silent: ({ message }) => void told.push(`silent: ${message}`),
    answering: () => void told.push('answering'),
    fulfilled: () => void told.push('fulfilled'),
  }
  const ports = {
    read: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)]
      asked += 1
      if (answer instanceof Error) throw answer
      return answer
    },
    pause: async (ms: number) => {
      pauses.push(ms)
      now += ms
      if (asked >= questions) stop.abort()
    },
    clock: () => now,
    signal: stop.signal,
  }
  await follow(ports, follower)
  return { told, pauses, asked }
}

const done = { status: 'fulfilled' as const }
const open = { status: 'failed' as const, attention: [attentionTo(letter(6))] }

describe('follow', () => {
  it('shows the order so far, then what is new, and ends when it is fulfilled', async () => {
    const { told, pauses } = await followed([
      order([submitted]),
      order([submitted, joined, placed]),
      order([submitted, joined, placed]),
      order([submitted, joined, placed, granted, fulfilled], done),
    ])
    expect(told).toEqual(['first e1', `facts ${joined.id},e2`, `facts ${granted.id},e3`, 'fulfilled'])
    expect(pauses).toEqual([250, 250, 250])
  })

  it('ends at once where the order is fulfilled already', async () => {
    const { told, asked } = await followed([order([submitted, joined, placed, granted, fulfilled], done)])
    expect([told, asked]).toEqual([[`first e1,${joined.id},e2,${granted.id},e3`, 'fulfilled'], 1])
  })

  it('waits for an order that does not exist yet, and says so once', async () => {
    const { told } = await followed([
      undefined,
      undefined,
      order([]),
      order([submitted]),
      order([submitted, joined, placed, granted, fulfilled], done),
    ])
    expect(told).toEqual([
      'waiting',
      'first ',
      'facts e1',
      `facts ${joined.id},e2,${granted.id},e3`,
      'fulfilled',
    ])
  })

  it('tells facts that come late, wherever they stand in the timeline', async () => {
    const { told } = await followed([order([submitted, placed]), order([submitted, joined, placed])])
    expect(told).toEqual(['first e1,e2', `facts ${joined.id}`])
  })

  it('tells no fact twice when a long timeline drops its middle', async () => {
    const { told } = await followed([
      order([submitted, joined, placed, retry(5, 1, 9)]),
      order([submitted, placed, retry(5, 1, 9), retry(9, 2, 20)]),
      order([submitted, retry(9, 2, 20), retry(20, 3, 30)]),
    ])
    expect(told.slice(1)).toEqual([`facts ${retry(9, 2, 20).id}`, `facts ${retry(20, 3, 30).id}`])
  })

  it('waits for the last facts of a fulfilled order, but not for ever', async () => {
    const { told, pauses } = await followed([order([submitted, joined, placed, granted], done)], 100)
    expect(told.at(-1)).toBe('fulfilled')
    expect(pauses).toHaveLength(8)
    const late = await followed([
      order([submitted, joined, placed], done),
      order([submitted, joined, placed, granted, fulfilled], done),
    ])
    expect(late.told.slice(1)).toEqual([`facts ${granted.id},e3`, 'fulfilled'])
  })

  it('goes on while the order failed: a redrive may fulfill it', async () => {
    const failed = [submitted, joined, placed, dead(5), letter(6)]
    const again = hop('fulfillment', 'e2', 'order.placed.v1', 900, {
      attempt: 2,
      caused: [{ id: 'e3', type: 'order.fulfilled.v1' }],
    })
    const { told } = await followed([
      order([submitted, joined, placed]),
      order(failed, open),
      order(failed, open),
      order([...failed, again, event('e3', 'order.fulfilled.v1', 901)], done),
    ])
    expect(told.slice(1)).toEqual([
      `facts ${dead(5).id},dl-1`,
      'attention',
      `facts ${again.id},e3`,
      'fulfilled',
    ])
  })

  it('calls a person again at another dead letter, also one that came before it was followed', async () => {
    const second = {
      ...open,
      attention: [...open.attention, { ...attentionTo(letter(9)), deadLetterId: 'dl-2' }],
    }
    const { told } = await followed([
      order([submitted], open),
      order([submitted], open),
      order([submitted], second),
    ])
    expect(told).toEqual(['first e1', 'attention', 'attention'])
  })

  it('goes on while the mesh does not answer, and says that once', async () => {
    const { told, pauses } = await followed([
      order([submitted]),
      gone,
      gone,
      new MeshError('MESH_STORE_UNAVAILABLE', 'busy'),
      order([submitted, joined]),
      gone,
    ])
    expect(told).toEqual([
      'first e1',
      'silent: No mesh answers.',
      'answering',
      `facts ${joined.id}`,
      'silent: No mesh answers.',
    ])
    expect(pauses).toEqual([250, 1_000, 1_000, 1_000, 250, 1_000])
  })

  it('gives up at an answer that will not change', async () => {
    await expect(followed([order([]), new MeshError('MESH_UNAUTHENTICATED', 'no')])).rejects.toMatchObject({
      code: 'MESH_UNAUTHENTICATED',
    })
  })

  it('ends when nobody wants to see more', async () => {
    const { told, asked } = await followed([order([submitted])], 3)
    expect([told, asked]).toEqual([['first e1'], 3])
  })
})

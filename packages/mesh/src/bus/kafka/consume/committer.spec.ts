import { describe, expect, it } from '@jest/globals'
import { eventually, gate, settled } from '../../../flow/eventually.fixture.ts'
import { createCommitter } from './committer.ts'
import type { Commit } from './group-requests.ts'

const commit = (partition: number, offset: number): Commit => ({
  topic: 'parcel.ordered.v1',
  partition,
  offset,
})

type Answer = (commits: readonly Commit[]) => Promise<ReadonlySet<Commit>>

const takeAll: Answer = async (commits) => new Set(commits)

/** News by partition, as ownership keeps them. */
const open = (answer: Answer = takeAll) => {
  const news = new Map<number, Commit>()
  const sent: (readonly Commit[])[] = []
  let answers = answer
  const committer = createCommitter({
    everyMs: 1,
    collect: () => [...news.values()],
    send: (commits) => {
      sent.push(commits)
      return answers(commits)
    },
    onCommitted: ({ partition, offset }) => {
      if (news.get(partition)?.offset === offset) news.delete(partition)
    },
  })
  return {
    committer,
    sent,
    finish: (partition: number, offset: number) => {
      news.set(partition, commit(partition, offset))
      committer.soon()
    },
    answer: (next: Answer) => (answers = next),
    left: () => news.size,
  }
}

describe('committer', () => {
  it('sends the news of all partitions in one request, and none when there are none', async () => {
    const { committer, sent, finish, left } = open()
    finish(0, 5)
    finish(1, 7)
    finish(0, 6)
    await eventually('the commit', () => left() === 0)
    committer.soon()
    await settled()
    expect(sent).toEqual([[commit(0, 6), commit(1, 7)]])
  })

  it('has one request under way at a time, and sends what came meanwhile afterwards', async () => {
    const answered = gate()
    const { sent, finish, left } = open(async (commits) => {
      await answered.opened
      return new Set(commits)
    })
    finish(0, 5)
    await eventually('the request', () => sent.length === 1)
    finish(0, 9)
    await settled()
    expect(sent).toHaveLength(1)
    answered.open()
    await eventually('the second request', () => left() === 0)
    expect(sent).toEqual([[commit(0, 5)], [commit(0, 9)]])
  })

  it('tries again what was not taken, wholly or in part', async () => {
    const { sent, finish, left, answer } = open(() => Promise.reject(new Error('no answer')))
    finish(0, 5)
    finish(1, 5)
    await eventually('a second try', () => sent.length > 1)
    answer(async ([first]) => new Set(first === undefined ? [] : [first]))
    await eventually('both', () => left() === 0)
    expect(sent.at(-1)).toEqual([commit(1, 5)])
  })

  it('flushes what is finished now, also when a request is under way that began before', async () => {
    const answered = gate()
    const { committer, sent, finish, left } = open(async (commits) => {
      if (sent.length === 1) await answered.opened
      return new Set(commits)
    })
    finish(0, 5)
    await eventually('the first request', () => sent.length === 1)
    finish(1, 3)
    const flushed = committer.flush(({ partition }) => partition === 1, 60_000)
    answered.open()
    await flushed
    expect(left()).toBe(0)
  })

  it('gives up a flush when its time is over', async () => {
    const { committer, finish, left } = open(() => new Promise(() => {}))
    finish(0, 5)
    await committer.flush(() => true, 20)
    expect(left()).toBe(1)
  })

  it('flushes at once where there is no news of what is asked for', async () => {
    const { committer, sent, finish } = open(() => new Promise(() => {}))
    finish(0, 5)
    await committer.flush(({ partition }) => partition === 1, 3_600_000)
    expect(sent).toHaveLength(0)
    committer.stop()
  })

  it('sends nothing after it was stopped', async () => {
    const { committer, sent, finish } = open()
    finish(0, 5)
    committer.stop()
    committer.soon()
    await committer.flush(() => true, 50)
    await settled()
    expect(sent).toHaveLength(0)
  })
})

import { describe, expect, it } from '@jest/globals'
import { kafkaClient } from '../client.ts'
import { kafkaSettings, silentLog } from '../kafka.fixture.ts'
import type { Api } from '../wire/internals.ts'
import { createGroupRequests } from './group-requests.ts'

const NONE = 0
const LOADING = 14
const MOVED = 16
const UNKNOWN_MEMBER = 25
const NOT_ALLOWED = 29

/** A coordinator that answers as told, and counts how often it was looked for. */
const open = (answer: object) => {
  let lookedFor = 0
  const nodes = {
    metadata: async () => [],
    sendAny: async () => {
      lookedFor++
      return { errorCode: NONE, coordinator: { nodeId: 1 } }
    },
    send: async (_node: number, _api: Api, _parameters: object) => answer,
    close: () => {},
  }
  const client = kafkaClient(kafkaSettings(), silentLog())
  const view = { group: 'parcels', topics: ['a.v1'], sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000 }
  return { requests: createGroupRequests(client, nodes, view), lookedFor: () => lookedFor }
}

describe('leaving a group', () => {
  it.each([
    ['nothing is refused', { errorCode: NONE }],
    ['nothing is refused to the member', { errorCode: NONE, members: [{ errorCode: NONE }] }],
    ['the group does not know the member', { errorCode: UNKNOWN_MEMBER }],
    ['the same is said of the member', { errorCode: NONE, members: [{ errorCode: UNKNOWN_MEMBER }] }],
  ])('is done where %s', async (_, answer) => {
    await expect(open(answer).requests.leave('m1')).resolves.toBeUndefined()
  })

  it.each([
    ['NOT_COORDINATOR_FOR_GROUP', { errorCode: MOVED, members: [] }],
    ['GROUP_LOAD_IN_PROGRESS', { errorCode: LOADING }],
    ['NOT_COORDINATOR_FOR_GROUP', { errorCode: NONE, members: [{ errorCode: MOVED }] }],
  ])('is not done where it is refused: %s; the coordinator is looked for anew', async (refusal, answer) => {
    const { requests, lookedFor } = open(answer)
    await expect(requests.leave('m1')).rejects.toThrow(refusal)
    await expect(requests.leave('m1')).rejects.toThrow(refusal)
    expect(lookedFor()).toBe(2)
  })
})

describe('asking for committed offsets', () => {
  const partition = (number: number, errorCode: number, offset: string) => ({
    partition: number,
    errorCode,
    offset,
  })

  it('tells of each partition by itself, also of one that is refused', async () => {
    const partitions = [partition(0, NONE, '42'), partition(1, NOT_ALLOWED, '-1'), partition(2, NONE, '-1')]
    const { requests } = open({ errorCode: NONE, responses: [{ topic: 'a.v1', partitions }] })
    expect(await requests.committed([])).toEqual([
      { topic: 'a.v1', partition: 0, offset: 42, refusal: undefined },
      { topic: 'a.v1', partition: 1, offset: undefined, refusal: 'TOPIC_AUTHORIZATION_FAILED' },
      { topic: 'a.v1', partition: 2, offset: undefined, refusal: undefined },
    ])
  })

  it('rejects where the group as a whole is refused', async () => {
    const { requests } = open({ errorCode: LOADING, responses: [] })
    await expect(requests.committed([])).rejects.toThrow('GROUP_LOAD_IN_PROGRESS')
  })
})

import { describe, expect, it } from '@jest/globals'
import { planTopic } from './plan.ts'
import { WANTED, topicWith } from './topic.fixture.ts'

const plan = (topic: ReturnType<typeof topicWith> | undefined) => planTopic('mesh.parcel.v1', WANTED, topic)

describe('planTopic', () => {
  it('has nothing to do where all is well', () => {
    expect(plan(topicWith())).toEqual({ topic: 'mesh.parcel.v1', action: 'none', details: [] })
  })

  it('makes a missing topic with all that it needs', () => {
    const { action, details } = plan(undefined)
    expect(action).toBe('create')
    expect(details.map(({ what, has, wants, step }) => [what, has, wants, step])).toEqual([
      ['partitions', null, '6', 'create'],
      ['replication factor', null, '3', 'create'],
      ['min.insync.replicas', null, '2', 'create'],
      ['cleanup.policy', null, 'delete', 'create'],
      ['retention.ms', null, '2592000000', 'create'],
      ['unclean.leader.election.enable', null, 'false', 'create'],
      ['max.message.bytes', null, '1048576', 'create'],
      ['compression.type', null, 'uncompressed', 'create'],
    ])
  })

  it('adds partitions, and says what that does to the order of keys', () => {
    const { action, details } = plan(topicWith({}, { partitions: 4 }))
    expect(action).toBe('add-partitions')
    expect(details).toEqual([
      {
        what: 'partitions',
        has: '4',
        wants: '6',
        does: 'adds 2; most keys move to another partition, so events of one key that are not handled yet may be handled out of order: apply it while the services have no lag',
        step: 'add',
      },
    ])
  })

  it('never takes partitions away', () => {
    const { action, details } = plan(topicWith({}, { partitions: 12 }))
    expect(action).toBe('none')
    expect(details).toMatchObject([
      { what: 'partitions', has: '12', step: 'none', does: 'left as is: Kafka takes no partitions away' },
    ])
  })

  it('sets the configurations that accepted records need, and no other', () => {
    const { action, details } = plan(
      topicWith({
        'cleanup.policy': 'compact',
        'min.insync.replicas': '1',
        'retention.ms': '-1',
        'max.message.bytes': '262144',
      }),
    )
    expect(action).toBe('alter')
    expect(details.map(({ what, has, wants, step }) => [what, has, wants, step])).toEqual([
      ['min.insync.replicas', '1', '2', 'set'],
      ['cleanup.policy', 'compact', 'delete', 'set'],
      ['max.message.bytes', '262144', '1048576', 'set'],
    ])
  })

  it('leaves replicas to a person, and until then does not make the topic refuse everything', () => {
    const { action, details } = plan(topicWith({ 'min.insync.replicas': '1' }, { replicationFactor: 1 }))
    expect(action).toBe('manual')
    expect(details).toMatchObject([
      {
        what: 'replication factor',
        has: '1',
        wants: '3',
        step: 'none',
        does: expect.stringContaining('kafka-reassign-partitions.sh'),
      },
      {
        what: 'min.insync.replicas',
        has: '1',
        wants: '2',
        step: 'none',
        does: expect.stringContaining('until there are enough replicas'),
      },
    ])
  })

  it('leaves more replicas alone, and mentions a limit by size', () => {
    const { action, details } = plan(topicWith({ 'retention.bytes': '1000' }, { replicationFactor: 5 }))
    expect(action).toBe('none')
    expect(details.map(({ what, step }) => [what, step])).toEqual([
      ['replication factor', 'none'],
      ['retention.bytes', 'none'],
    ])
  })
})

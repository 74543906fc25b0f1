import { describe, expect, it } from '@jest/globals'
import { topicFaults } from './faults.ts'
import { WANTED, topicWith } from './topic.fixture.ts'

const faultsOf = (topic: ReturnType<typeof topicWith>) =>
  topicFaults(topic, WANTED).map(({ what, has, severity }) => `${severity}: ${what} ${has}`)

describe('topicFaults (promise 1)', () => {
  it('finds nothing in a topic that keeps what was accepted', () => {
    expect(faultsOf(topicWith())).toEqual([])
  })

  it.each([
    ['more replicas in sync', { 'min.insync.replicas': '3' }],
    ['longer retention', { 'retention.ms': '99999999999' }],
    ['retention without an end', { 'retention.ms': '-1' }],
    ['no cleaning at all', { 'cleanup.policy': '' }],
    ['just enough for the largest event with its framing', { 'max.message.bytes': '1048576' }],
  ])('accepts %s', (_, configs) => {
    expect(faultsOf(topicWith(configs))).toEqual([])
  })

  it.each([
    ['too few replicas in sync', { 'min.insync.replicas': '1' }],
    ['compaction', { 'cleanup.policy': 'compact' }],
    [
      'compaction besides deletion, which throws away events of the same key as well',
      { 'cleanup.policy': 'compact,delete' },
    ],
    ['leaders that may miss records', { 'unclean.leader.election.enable': 'true' }],
    ['a retention that is too short', { 'retention.ms': '2591999999' }],
    ['what takes no large events', { 'max.message.bytes': '1000000' }],
    ['what can’t be read of the largest batch', { 'max.message.bytes': undefined }],
    ['what can’t be read', { 'min.insync.replicas': undefined }],
    ['what can’t be read of the cleaning', { 'cleanup.policy': undefined }],
    ['what can’t be read of elections', { 'unclean.leader.election.enable': undefined }],
    ['what can’t be read of the retention', { 'retention.ms': undefined }],
  ])('refuses %s', (_, configs) => {
    const [what, has = 'unknown'] = Object.entries(configs)[0] ?? []
    expect(faultsOf(topicWith(configs))).toEqual([`error: ${what} ${has}`])
  })

  it('refuses fewer replicas than must be in sync: nothing could be written', () => {
    expect(faultsOf(topicWith({}, { replicationFactor: 1 }))).toEqual(['error: replication factor 1'])
    expect(faultsOf(topicWith({ 'min.insync.replicas': '3' }, { replicationFactor: 2 }))).toEqual([
      'error: replication factor 2',
    ])
  })

  it('warns of a limit by size', () => {
    expect(faultsOf(topicWith({ 'retention.bytes': '1000000' }))).toEqual([
      'warning: retention.bytes 1000000',
    ])
  })

  it('says what is needed', () => {
    expect(topicFaults(topicWith({ 'retention.ms': '1000' }), WANTED)).toEqual([
      {
        what: 'retention.ms',
        has: '1000',
        needs: '2592000000 or more (30 days)',
        value: '2592000000',
        severity: 'error',
      },
    ])
  })
})

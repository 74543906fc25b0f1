import { describe, expect, it } from '@jest/globals'
import type { TopicPlan } from '@commerce-mesh/mesh'
import { isOpen, renderPlan } from './render.ts'

const PLAN: TopicPlan = [
  { topic: 'order.fulfilled.v1', action: 'none', details: [] },
  {
    topic: 'order.placed.v1',
    action: 'create',
    details: [
      { what: 'partitions', has: null, wants: '6', does: 'made with it', step: 'create' },
      { what: 'min.insync.replicas', has: null, wants: '2', does: 'made with it', step: 'create' },
    ],
  },
  {
    topic: 'payment.captured.v1',
    action: 'alter',
    details: [
      {
        what: 'partitions',
        has: '12',
        wants: '6',
        does: 'left as is: Kafka takes no partitions away',
        step: 'none',
      },
      { what: 'retention.ms', has: '1000', wants: '2592000000', does: 'sets it', step: 'set' },
    ],
  },
  {
    topic: 'payment.notified.v1',
    action: 'none',
    details: [
      { what: 'replication factor', has: '5', wants: '3', does: 'left as is: more is safe', step: 'none' },
    ],
  },
]

describe('renderPlan', () => {
  it('tells what differs and what happens to it, and counts', () => {
    expect(renderPlan(PLAN)).toEqual([
      'order.placed.v1      create',
      'payment.captured.v1  alter     partitions 12 -> 6: left as is: Kafka takes no partitions away',
      '                               retention.ms 1000 -> 2592000000: sets it',
      'payment.notified.v1  as it is  replication factor 5 -> 3: left as is: more is safe',
      'create: with partitions 6, min.insync.replicas 2',
      '4 topics: 2 as they should be, 1 create, 1 alter',
    ])
  })

  it('knows what is still to be done', () => {
    expect(PLAN.filter(isOpen).map(({ topic }) => topic)).toEqual(['order.placed.v1', 'payment.captured.v1'])
  })
})

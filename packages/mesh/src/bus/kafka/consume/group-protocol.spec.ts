import { describe, expect, it } from '@jest/globals'
import kafkajs from 'kafkajs'
import { decodeIntroduction, decodeShare, encodeIntroduction, encodeShare } from './group-protocol.ts'

const names = {
  name: (plain: string) => `shop.${plain}`,
  plain: (name: string) => name.replace(/^shop\./, ''),
}

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol

describe('what members of a group tell each other', () => {
  const places = [
    { topic: 'order.placed.v1', partition: 2 },
    { topic: 'order.placed.v1', partition: 5 },
    { topic: 'refund.completed.v1', partition: 2 },
  ]
  const counts = new Map([['order.placed.v1', 6]])
  const awaited = [{ topic: 'refund.completed.v1', partition: 4 }]

  it('comes back as it was said', () => {
    const said = { topics: ['order.placed.v1'], owned: places, awaited, counts, generation: 7, leaving: true }
    expect(decodeIntroduction('m1', encodeIntroduction(said, names), names)).toEqual({ id: 'm1', ...said })
    const share = { places, awaited, unsettled: true }
    expect(decodeShare(encodeShare(share, names), names)).toEqual(share)
  })

  it('has the cluster’s names where Kafka looks: it keeps offsets of topics that somebody subscribes to', () => {
    const said = {
      topics: ['order.placed.v1'],
      owned: places,
      awaited,
      counts,
      generation: 7,
      leaving: false,
    }
    const { version, topics } = MemberMetadata.decode(encodeIntroduction(said, names)) ?? {}
    expect({ version, topics }).toEqual({ version: 0, topics: ['shop.order.placed.v1'] })
    expect(
      MemberAssignment.decode(encodeShare({ places, awaited, unsettled: false }, names))?.assignment,
    ).toEqual({
      'shop.order.placed.v1': [2, 5],
      'shop.refund.completed.v1': [2],
    })
  })

  it('does not need to be understood: a stranger holds nothing, and one that can’t be read gets nothing', () => {
    const stranger = MemberMetadata.encode({
      version: 1,
      topics: ['shop.order.placed.v1'],
      userData: Buffer.from('\u0000not ours'),
    })
    expect(decodeIntroduction('m2', stranger, names)).toEqual({
      id: 'm2',
      topics: ['order.placed.v1'],
      owned: [],
      awaited: [],
      counts: new Map(),
      generation: -1,
      leaving: false,
    })
    expect(decodeIntroduction('m3', Buffer.from([1]), names)).toMatchObject({ topics: [], owned: [] })
    expect(decodeShare(Buffer.alloc(0), names)).toEqual({ places: [], awaited: [], unsettled: false })
  })
})

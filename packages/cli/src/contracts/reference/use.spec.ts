import { CONTRACTS } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { RUNNABLE } from '../../services.ts'
import { SEATS, seatReserved, seatReservedNext, SERVICES, treeGrown } from './seat.fixture.ts'
import { usesOf } from './use.ts'

describe('usesOf', () => {
  const uses = usesOf(SEATS, SERVICES)

  it('tells who takes an event, by which handler, what it reads, and as which version', () => {
    expect(uses.get(seatReserved.type)).toEqual({
      emittedBy: ['shop'],
      readers: [
        {
          service: 'usher',
          handler: 'show-to-seat',
          when: 'order begins with A',
          reads: ['count'],
          as: 'seat.reserved.v2',
          projects: false,
        },
        {
          service: 'board',
          handler: 'write-on-board',
          when: undefined,
          reads: undefined,
          as: undefined,
          projects: true,
        },
      ],
    })
    expect(uses.get(seatReservedNext.type)?.readers.map(({ service, as }) => [service, as])).toEqual([
      ['usher', undefined],
    ])
  })

  it('knows events that nobody emits or takes', () => {
    expect(uses.get(treeGrown.type)).toEqual({ emittedBy: [], readers: [] })
  })

  it('leaves no event of ours without somebody who emits it and somebody who takes it', () => {
    const ours = usesOf(CONTRACTS, RUNNABLE)
    expect([...ours].filter(([, { emittedBy, readers }]) => emittedBy.length * readers.length === 0)).toEqual(
      [],
    )
  })
})

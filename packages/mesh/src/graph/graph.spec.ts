import { deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { parcelFailed, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import type { DeclaredService } from '../topology/declared-mesh.ts'
import { handles } from '../service/handler.ts'
import { graphOf, withoutBookkeeping } from './graph.ts'

const serviceOf = (
  name: string,
  consumes: DeclaredService['consumes'],
  emits: DeclaredService['emits'],
  more: Partial<DeclaredService> = {},
): DeclaredService => ({
  name,
  consumes,
  emits,
  handlers: consumes.map((contract) => handles(contract, `on-${contract.name.replace('.', '-')}`)),
  ...more,
})

const shop = serviceOf('shop', [], [parcelOrdered])
const packing = serviceOf('packing', [parcelOrdered], [parcelPacked, parcelFailed])
const board = serviceOf('board', [parcelOrdered, parcelPacked, hopRecorded, deadLetterRecorded], [], {
  journaled: false,
})

const edgesOf = (services: readonly DeclaredService[]) =>
  graphOf(services).events.map(({ type, emittedBy, readBy }) => [type, emittedBy, readBy])

describe('graphOf', () => {
  it('says of each event who emits and who reads it, in the order of its way', () => {
    expect(edgesOf([shop, packing, board])).toEqual([
      [parcelOrdered.type, ['shop'], ['packing', 'board']],
      [parcelPacked.type, ['packing'], ['board']],
      [parcelFailed.type, ['packing'], []],
      [hopRecorded.type, ['shop', 'packing'], ['board']],
      [deadLetterRecorded.type, ['shop', 'packing', 'board'], ['board']],
    ])
    expect(graphOf([shop, board]).services).toEqual([
      { name: 'shop', projects: false },
      { name: 'board', projects: true },
    ])
  })

  it('shows an event that is read and that nobody emits', () => {
    expect(edgesOf([packing])[2]).toEqual([parcelOrdered.type, [], ['packing']])
  })

  it('leaves the mesh’s own bookkeeping out where it is not wanted', () => {
    expect(withoutBookkeeping(graphOf([shop, board])).events.map(({ type }) => type)).toEqual([
      parcelOrdered.type,
      parcelPacked.type,
    ])
  })

  it('shows which way an event takes: by default, by a route with its condition, or not at all', () => {
    const routes = [
      {
        event: parcelOrdered.type,
        to: 'packing/on-parcel-ordered',
        when: { field: 'wish', equals: 'gift' },
        enabled: true,
        where: 'mesh.yaml:3',
      },
      { event: parcelPacked.type, to: 'board', enabled: false, where: 'mesh.yaml:9' },
    ]
    const { events } = graphOf([shop, packing, board], { routes })
    expect(events[0]?.takers).toEqual([
      {
        service: 'packing',
        handler: 'on-parcel-ordered',
        where: 'mesh.yaml:3',
        when: 'wish equals gift',
        enabled: true,
      },
      { service: 'board', handler: 'on-parcel-ordered', where: 'default', enabled: true },
    ])
    expect(events[1]).toMatchObject({ readBy: [], takers: [{ service: 'board', enabled: false }] })
  })

  it('shows who publishes from outside', () => {
    const { services, events } = graphOf([shop, packing], {
      producers: [{ source: '/partner', emits: [parcelOrdered.type] }],
    })
    expect(services[0]).toEqual({ name: '/partner', projects: false, outside: true })
    expect(events[0]?.emittedBy).toEqual(['shop', '/partner'])
  })
})

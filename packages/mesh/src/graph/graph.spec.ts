import { deadLetterRecorded, hopRecorded } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { parcelFailed, parcelOrdered, parcelPacked } from '../aggregate/parcel.fixture.ts'
import { type Declared, graphOf, withoutBookkeeping } from './graph.ts'

const shop: Declared = { name: 'shop', consumes: [], emits: [parcelOrdered] }
const packing: Declared = { name: 'packing', consumes: [parcelOrdered], emits: [parcelPacked, parcelFailed] }
const board: Declared = {
  name: 'board',
  consumes: [parcelOrdered, parcelPacked, hopRecorded, deadLetterRecorded],
  emits: [],
  journaled: false,
}

const edgesOf = (services: readonly Declared[]) =>
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
})

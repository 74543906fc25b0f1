import { liveShapes } from '../relate/relate.ts'
import { textsOf } from '../schema/keywords.ts'
import { placeIn } from '../schema/place.ts'
import type { Place, RawNode } from '../schema/place.ts'
import type { Change } from './change.ts'

const accepted = { oldReaders: 'yes', newReaders: 'yes', because: {} } as const

const listText = (paths: readonly string[]) => (paths.length === 0 ? 'nothing' : paths.join(', '))

/** The record key decides which events stay in order and which document they meet: with another one, old and new events part. */
const keyChanges = (old: RawNode, next: RawNode, major: string): readonly Change[] => {
  const [was, is] = [textsOf(old['x-key']), textsOf(next['x-key'])]
  // A schema that somebody else wrote may say nothing of it.
  if (old['x-key'] === undefined || listText(was) === listText(is)) return []
  return [
    {
      kind: 'key',
      path: '',
      what: `has the record key ${listText(is)}; it was ${listText(was)}`,
      ...accepted,
      severity: 'error',
      advice: `Old and new events of one thing would no longer stay in order. Keep the key, or publish ${major} (docs/changing-a-contract.md).`,
    },
  ]
}

const stepsInto = (place: Place, segment: string): readonly Place[] =>
  liveShapes(place).flatMap((shape) => {
    if (shape.kind === 'list' && segment === '*') return [...shape.first, shape.rest]
    if (shape.kind !== 'object') return []
    if (segment === '*') return [shape.others]
    const field = shape.fields.get(segment)
    return field === undefined ? [] : [field]
  })

const isField = (root: RawNode, path: string): boolean =>
  path
    .split('.')
    .reduce<readonly Place[]>(
      (places, segment) => places.flatMap((place) => stepsInto(place, segment)),
      [placeIn({ root, node: root }, root)],
    ).length > 0

const personalChanges = (old: RawNode, next: RawNode): readonly Change[] => {
  const [was, is] = [textsOf(old['x-personal']), textsOf(next['x-personal'])]
  const found = is.filter((path) => !was.includes(path) && isField(old, path))
  const lost = was.filter((path) => !is.includes(path) && isField(next, path))
  const change = (path: string, what: string, advice: string): Change => ({
    kind: 'personal',
    path,
    what,
    ...accepted,
    severity: 'warning',
    advice,
  })
  return [
    ...found.map((path) =>
      change(
        path,
        'is marked as personal now',
        'Readers with the old contract still log it: deploy them first, and look at what logs and journals hold already.',
      ),
    ),
    ...lost.map((path) =>
      change(
        path,
        'is no longer marked as personal',
        'It reaches logs, traces and the journal from now on, also from stored events. Keep the mark unless it never was personal.',
      ),
    ),
  ]
}

const ownerChanges = (old: RawNode, next: RawNode): readonly Change[] => {
  const [was, is] = [old['x-owner'], next['x-owner']]
  if (typeof was !== 'string' || typeof is !== 'string' || was === is) return []
  return [
    {
      kind: 'owner',
      path: '',
      what: `belongs to ${is} now; it belonged to ${was}`,
      ...accepted,
      severity: 'warning',
      advice: `Only ${is} may publish it: stop ${was} from emitting it, and move the right to write the topic.`,
    },
  ]
}

/** What changed around the data: record key, personal fields, owner. All events are still taken. */
export const envelopeChanges = (old: RawNode, next: RawNode, major: string): readonly Change[] => [
  ...keyChanges(old, next, major),
  ...personalChanges(old, next),
  ...ownerChanges(old, next),
]

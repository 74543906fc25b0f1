import type { Relation } from '../relate/relation.ts'
import type { Place } from '../schema/place.ts'

/** Whether readers take everything that is meant: `unknown` where it can't be told from the schemas. */
export type Verdict = 'yes' | 'no' | 'unknown'

/** What sort of change it is. */
type ChangeKind =
  | 'new'
  | 'gone'
  | 'renamed'
  | 'required'
  | 'optional'
  | 'value'
  | 'alternative'
  | 'rule'
  | 'default'
  | 'key'
  | 'personal'
  | 'owner'
  | 'other'

/** One thing in which a schema differs from an older one of the same event version. */
export type Change = {
  readonly kind: ChangeKind
  /** Dotted path within the data; `*` stands for each item of a list or value of a record. Empty for the data as a whole. */
  readonly path: string
  /** The path now, of what was renamed. */
  readonly to?: string
  /** What changed, in words that go on after the path: `is new and required`. */
  readonly what: string
  /** Whether readers of the old schema take all that is written by the new one. */
  readonly oldReaders: Verdict
  /** Whether readers of the new schema take all that was written by the old one. */
  readonly newReaders: Verdict
  /** Why the one or the other refuses it, where more can be said than `what` says. */
  readonly because: { readonly oldReaders?: string; readonly newReaders?: string }
  /** An error breaks readers; a warning needs care in what order things are deployed. */
  readonly severity: 'error' | 'warning'
  /** What to do. */
  readonly advice: string
}

/** The whole in one sentence: `field learner.phone is new and required`. */
export const sentenceOf = ({ path, what }: Pick<Change, 'path' | 'what'>): string =>
  `${path === '' ? 'the data' : `field ${path}`} ${what}`

/** Where in two schemas a comparison stands. */
export type Spot = {
  readonly path: readonly string[]
  /** Which alternative it is about, in words: ` where kind is 'a'`; empty where there is only one. */
  readonly where: string
  /** How the next major version is called: `order.placed v2`. */
  readonly major: string
}

/** Lists what changed between two schemas at a spot, and below it. */
export type Walk = (old: Place, next: Place, spot: Spot) => readonly Change[]

/** Path and alternative of a field of a spot. */
export const below = (spot: Spot, name: string): Spot => ({ ...spot, path: [...spot.path, name] })

/** Verdict of a relation between what is written and what is read. */
const verdictOf = (relation: Relation): Verdict =>
  relation === 'inside' ? 'yes' : relation === 'unknown' ? 'unknown' : 'no'

/** How an old schema stands to the next as its reader, and the next to the old. */
export type Both = { readonly newReaders: Relation; readonly oldReaders: Relation }

const READERS_FIRST =
  'Run mesh contracts publish with the change, and deploy every reader of this event before anything that writes it.'

/** Why readers refuse something, of those who do. */
const refusalsOf = (
  verdicts: Pick<Change, 'oldReaders' | 'newReaders'>,
  reasons: Change['because'] = {},
): Change['because'] => ({
  ...(verdicts.oldReaders !== 'yes' && reasons.oldReaders && { oldReaders: reasons.oldReaders }),
  ...(verdicts.newReaders !== 'yes' && reasons.newReaders && { newReaders: reasons.newReaders }),
})

/** Makes a change at a spot; `advice` is about what to do when new readers don't take it all. */
export const changeAt = (
  spot: Spot,
  change: Pick<Change, 'kind' | 'what'> &
    Partial<Pick<Change, 'because' | 'to'>> & { readonly relations: Both; readonly advice: string },
): Change => {
  const { kind, what, relations, because, to, advice } = change
  const [oldReaders, newReaders] = [verdictOf(relations.oldReaders), verdictOf(relations.newReaders)]
  const isBreaking = newReaders !== 'yes'
  return {
    kind,
    path: spot.path.join('.'),
    ...(to !== undefined && { to }),
    what: `${what}${spot.where}`,
    oldReaders,
    newReaders,
    because: refusalsOf({ oldReaders, newReaders }, because),
    severity: isBreaking ? 'error' : 'warning',
    advice: isBreaking
      ? `${advice}, or publish ${spot.major} with an upcast (docs/changing-a-contract.md).`
      : READERS_FIRST,
  }
}

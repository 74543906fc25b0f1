import type { Change } from '../compare/change/change.ts'
import type { Reader } from '../readers/readers.ts'

/** Somebody whom a change affects, and how. */
export type BrokenReader = {
  readonly service: string
  /** Undefined: outside of the mesh. */
  readonly handler?: string
  /** In words: `reads learner.email`. */
  readonly why: string
}

/** A route whose condition looks at a field that changed. */
export type BrokenRoute = {
  readonly service: string
  readonly handler?: string
  /** `mesh.yaml:4:5`, or `default`. */
  readonly where: string
  readonly field: string
}

/** A reader with the event types that it takes: its own, and those that are upcast to it. */
export type ReaderOfTypes = Reader & { readonly takes: readonly string[] }

const segmentsOf = (path: string): readonly string[] => (path === '' ? [] : path.split('.'))

/** Whether one of two paths leads to the other; `*` stands for any item or value. */
export const meet = (path: string, other: string): boolean => {
  const [some, more] = [segmentsOf(path), segmentsOf(other)]
  const shared = Math.min(some.length, more.length)
  return Array.from({ length: shared }, (_, nth) => [some[nth], more[nth]]).every(
    ([a, b]) => a === b || a === '*' || b === '*',
  )
}

const touches = ({ path, to }: Pick<Change, 'path' | 'to'>, field: string): boolean =>
  meet(path, field) || (to !== undefined && meet(to, field))

const readWords = (fields: readonly string[]): string => `reads ${fields.join(', ')}`

/** Why a reader is affected; undefined where it is not. */
const whyOf = (reader: ReaderOfTypes, type: string, change: Change): string | undefined => {
  const { reads } = reader
  const fields =
    reads === 'unknown' || reader.type !== type ? undefined : reads.filter((field) => touches(change, field))
  if (change.kind === 'key') return 'keeps its state by the key'
  if (fields !== undefined && fields.length > 0) return readWords(fields)
  if (change.kind === 'personal' || change.kind === 'owner' || change.kind === 'default')
    return fields === undefined && change.kind !== 'owner' ? 'may read it' : undefined
  if (reader.type !== type) return `reads it as ${reader.type}: the event is checked before its upcast`
  const until = change.newReaders === 'yes' ? 'until then ' : ''
  return fields === undefined
    ? `may read it; ${until}its contract refuses the event in any case`
    : `does not read it, but ${until}its contract refuses the event`
}

/** The readers of an event type that a change affects. */
export const affectedReaders = (
  change: Change,
  type: string,
  readers: readonly ReaderOfTypes[],
): readonly BrokenReader[] =>
  readers
    .filter(({ takes }) => takes.includes(type))
    .flatMap((reader) => {
      const why = whyOf(reader, type, change)
      const { service, handler } = reader
      return why === undefined ? [] : [{ service, ...(handler !== undefined && { handler }), why }]
    })

/** The routes of an event type whose conditions look at what changed. */
export const affectedRoutes = (
  change: Change,
  type: string,
  readers: readonly ReaderOfTypes[],
): readonly BrokenRoute[] =>
  change.path === ''
    ? []
    : readers
        .filter(({ takes }) => takes.includes(type))
        .flatMap(({ service, handler, routes }) =>
          routes.flatMap(({ where, fields }) => {
            const field = fields.find((one) => touches(change, one))
            return field === undefined
              ? []
              : [{ service, ...(handler !== undefined && { handler }), where, field }]
          }),
        )

import { BSON } from 'mongodb'
import { MeshError } from '../../errors/mesh-error.ts'
import type { Stored } from '../store.ts'

/** A document as MongoDB holds it. */
export type MeshDocument = {
  readonly _id: string
  /** Version, for compare and set. */
  readonly v: number
  /** How many paths of the collection's record (see catalog.ts) its writer knew: `i` has these and no later ones. */
  readonly g: number
  /** Index values: field of a path -> number or string there. */
  readonly i: Readonly<Record<string, string | number>>
  /** Body, as a JSON text: BSON knows no name with a NUL, no lone surrogate and only a hundred levels. */
  readonly b: string
}

/** Most bytes that MongoDB takes as one document. */
const MOST_BYTES = 16 * 1024 * 1024

/** Index values and names around a body that is worth measuring. */
const MARGIN = 64 * 1024

// At random, and not 1: whoever still holds a version of a document that was removed must not match the one that was
// made under its id since.
const START_BELOW = 2 ** 48

/** Version of a document that is made now. */
export const firstVersion = (): number => 1 + Math.floor(Math.random() * START_BELOW)

/** Name of the field in `i` that holds the value at a path; dots would make it a path of its own. */
export const fieldOf = (path: string): string => path.replaceAll('.', ':')

const at = (body: unknown, path: string): string | number | undefined => {
  let value = body
  for (const name of path.split('.')) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject || !Object.hasOwn(value as object, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

/** Index values of a body. It is read from its text, so that those filled in later follow the same rule. */
export const indexValues = (text: string, paths: readonly string[]): MeshDocument['i'] => {
  if (paths.length === 0) return {}
  const body: unknown = JSON.parse(text)
  const values = paths.map((path) => [fieldOf(path), at(body, path)] as const)
  return Object.fromEntries(
    values.filter((value): value is readonly [string, string | number] => value[1] !== undefined),
  )
}

/** The text of a body. @throws TypeError for what is no JSON. */
export const textOf = (body: unknown): string => {
  const text = JSON.stringify(body) as string | undefined
  if (text === undefined) throw new TypeError('The body of a document must be JSON.')
  return text
}

/** What a put writes. @throws MeshError MESH_DOCUMENT_TOO_LARGE */
export const contentOf = (text: string, paths: readonly string[]): Pick<MeshDocument, 'g' | 'i' | 'b'> => {
  const content = { g: paths.length, i: indexValues(text, paths), b: text }
  if (text.length * 3 + MARGIN < MOST_BYTES) return content
  const bytes = BSON.calculateObjectSize(content) + MARGIN
  if (bytes > MOST_BYTES)
    throw new MeshError(
      'MESH_DOCUMENT_TOO_LARGE',
      `The document has about ${Math.ceil(bytes / 1024 / 1024)} MiB; MongoDB keeps 16 MiB at most.`,
    )
  return content
}

/** A document as the port shows it. */
export const toStored = <B>({ _id, v, b }: Pick<MeshDocument, '_id' | 'v' | 'b'>): Stored<B> => ({
  id: _id,
  version: v,
  body: JSON.parse(b) as B,
})

import path from 'node:path/posix'
import type { RawNode } from '../compare/schema/place.ts'
import { isNode } from '../compare/schema/place.ts'

/** A file of a folder of published contracts. */
export type PublishedFile = {
  /** Within the folder, with `/`: `order.placed.v1/schema.json`. */
  readonly name: string
  readonly text: string
}

/** What is published of one event version. */
export type PublishedContract = {
  readonly type: string
  /** Undefined where the file is missing or holds no JSON object. */
  readonly schema: RawNode | undefined
  /** As it stands in the file; undefined where there is none. */
  readonly schemaText: string | undefined
  /** Stored events, in the order of their names: today's readers must take each of them for ever. */
  readonly examples: readonly PublishedFile[]
}

/** The published contracts of one folder or commit, by event type. */
export type Baseline = ReadonlyMap<string, PublishedContract>

/** Where the schema of an event version stands within a folder of published contracts. */
export const schemaFileOf = (type: string): string => `${type}/schema.json`

/** Where stored events of an event version stand. */
export const examplesFolderOf = (type: string): string => `${type}/examples`

const parsed = (text: string | undefined): RawNode | undefined => {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text)
    return isNode(value) ? value : undefined
  } catch {
    return undefined
  }
}

const byName = (a: PublishedFile, b: PublishedFile) => (a.name < b.name ? -1 : 1)

/** Sorts the files of a folder by event version; whatever else lies there is left alone. */
export const baselineOf = (files: readonly PublishedFile[]): Baseline => {
  const isOurs = ({ name }: PublishedFile) => {
    const [type = '', ...rest] = name.split('/')
    const within = rest.join('/')
    return (
      within === 'schema.json' || (path.dirname(name) === examplesFolderOf(type) && within.endsWith('.json'))
    )
  }
  const byType = Map.groupBy(files.filter(isOurs).toSorted(byName), ({ name }) => name.split('/')[0] ?? '')
  return new Map(
    [...byType].map(([type, own]) => {
      const schemaText = own.find(({ name }) => name === schemaFileOf(type))?.text
      const examples = own.filter(({ name }) => name !== schemaFileOf(type))
      return [type, { type, schema: parsed(schemaText), schemaText, examples }]
    }),
  )
}

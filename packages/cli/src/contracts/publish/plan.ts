import { jsonSchemaOf, sampleEventOf, toStructured } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import type { Change } from '../compare/change/change.ts'
import { compare, isCompatible } from '../compare/compare.ts'
import { examplesFolderOf, schemaFileOf } from './baseline.ts'
import type { Baseline, PublishedContract, PublishedFile } from './baseline.ts'

/** What publishing does with one contract. */
export type Publication = {
  readonly type: string
  readonly action: 'new' | 'update' | 'none' | 'refused'
  /** Against what was published. */
  readonly changes: readonly Change[]
  /** Why it is refused, where it isn't for its changes. */
  readonly trouble?: string
  /** What is written. */
  readonly files: readonly PublishedFile[]
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** A contract's schema as it stands in its file. */
const schemaText = (contract: EventContract): string => json(jsonSchemaOf(contract))

const dataIn = (text: string): string => {
  try {
    return JSON.stringify((JSON.parse(text) as { data?: unknown } | null)?.data)
  } catch {
    return ''
  }
}

const numberOf = ({ name }: PublishedFile): number => Number(/\/(\d+)-[^/]*$/.exec(name)?.[1] ?? 0)

/** The contract's own sample as a stored event, unless one with the same data is there; those that are there stay as they are. */
const sampleFile = (contract: EventContract, stored: readonly PublishedFile[]): readonly PublishedFile[] => {
  const text = json(JSON.parse(toStructured(sampleEventOf(contract))))
  if (stored.some((file) => dataIn(file.text) === dataIn(text))) return []
  const number = Math.max(0, ...stored.map(numberOf)) + 1
  return [{ name: `${examplesFolderOf(contract.type)}/${String(number).padStart(2, '0')}-sample.json`, text }]
}

const refusal = (type: string, trouble: string): Publication => ({
  type,
  action: 'refused',
  changes: [],
  trouble,
  files: [],
})

const planOne = (contract: EventContract, published: PublishedContract | undefined): Publication => {
  const { type } = contract
  if (contract.examples.length === 0)
    return refusal(type, 'has no examples: add valid data to its defineEvent, which becomes a stored event.')
  const text = schemaText(contract)
  const file = { name: schemaFileOf(type), text }
  const { schema, schemaText: old, examples = [] } = published ?? {}
  if (old === undefined)
    return { type, action: 'new', changes: [], files: [file, ...sampleFile(contract, examples)] }
  if (schema === undefined)
    return refusal(type, `is published already, but its ${schemaFileOf(type)} is no JSON: restore the file.`)
  const changes = compare(schema, jsonSchemaOf(contract))
  if (!isCompatible(changes)) return { type, action: 'refused', changes, files: [] }
  const sample = old === text && examples.length > 0 ? [] : sampleFile(contract, examples)
  const files = [...(old === text ? [] : [file]), ...sample]
  return { type, action: files.length === 0 ? 'none' : 'update', changes, files }
}

/**
 * What has to be written so that contracts are published. Nothing that is published goes away: a schema that old events would
 * no longer be valid by is refused, and stored events stay as they are.
 */
export const planPublication = (
  contracts: readonly EventContract[],
  baseline: Baseline,
): readonly Publication[] => contracts.map((contract) => planOne(contract, baseline.get(contract.type)))

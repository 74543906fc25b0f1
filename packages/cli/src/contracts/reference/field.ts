import {
  alternativesOf,
  type EventContract,
  fieldsOf,
  jsonSchemaOf,
  keyPathsOf,
  type SchemaNode,
  schemasAt,
} from '@commerce-mesh/contracts'
import { anyOfThem, typeInWords } from './words.ts'

/** One field of an event's data, as people are told of it. */
export type Field = {
  /** Dotted; `*` stands for each item of a list or value of a record: `lines.*.mode`. */
  readonly path: string
  /** What may stand there: `text of 1 to 64 characters`. */
  readonly type: string
  /** Whether it must be there wherever what holds it is there; with alternatives, in all of them. */
  readonly required: boolean
  readonly personal: boolean
  /** Whether the record key is made of it. */
  readonly isKey: boolean
  readonly about: string
  /** What JSON Schema can't say, in the words that whoever breaks it is told. */
  readonly rules: readonly string[]
  /** Regular expressions that texts must match, where their type does not say it already. */
  readonly patterns: readonly string[]
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)]

const isWithin = (path: string, others: readonly string[]): boolean =>
  others.some((other) => path === other || path.startsWith(`${other}.`))

/** The objects that may hold a field, and the field's own name. */
const holdersOf = (root: SchemaNode, path: string) => {
  const at = path.lastIndexOf('.')
  const name = path.slice(at + 1)
  const around = at < 0 ? alternativesOf(root, root) : schemasAt(root, path.slice(0, at))
  return { name, holders: around.filter(({ properties }) => properties !== undefined) }
}

const rulesOf = (root: SchemaNode, node: SchemaNode): readonly string[] =>
  alternativesOf(root, node).flatMap(({ 'x-rules': own = [], items }) => [
    ...own,
    ...(items === undefined ? [] : rulesOf(root, items).map((rule) => `each item: ${rule}`)),
  ])

const patternsOf = (root: SchemaNode, node: SchemaNode): readonly string[] =>
  alternativesOf(root, node).flatMap(({ pattern, format, items }) => [
    ...(pattern === undefined || format !== undefined ? [] : [pattern]),
    ...(items === undefined ? [] : patternsOf(root, items)),
  ])

const fieldAt = (contract: EventContract, root: SchemaNode, path: string): Field => {
  const { name, holders } = holdersOf(root, path)
  const nodes = holders.flatMap(({ properties }) => properties?.[name] ?? [])
  return {
    path,
    type: anyOfThem(nodes.map((node) => typeInWords(root, node))),
    required: holders.every(({ required = [] }) => required.includes(name)),
    personal: isWithin(path, contract.personal),
    isKey: keyPathsOf(contract).includes(path),
    about: distinct(nodes.flatMap(({ description }) => description ?? [])).join(' '),
    rules: distinct(nodes.flatMap((node) => rulesOf(root, node))),
    patterns: distinct(nodes.flatMap((node) => patternsOf(root, node))),
  }
}

/** The fields of a contract's data, parents before children, in the order in which the contract has them. */
export const fieldsIn = (contract: EventContract): readonly Field[] => {
  const root = jsonSchemaOf(contract)
  return fieldsOf(root).map((path) => fieldAt(contract, root, path))
}

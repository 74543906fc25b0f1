import { type EventContract, jsonSchemaOf } from '@commerce-mesh/contracts'
import { type Field, fieldsIn } from '../reference/field.ts'
import { docComment } from './comment.ts'
import { typeNameOf } from './type-name.ts'
import { definedName, typeText, type Writing } from './type-text.ts'

const FIELD_NAME = /^(?:[a-z]+[A-Z]|[\w.*]+:)/

/** Begins with a capital, unless the first word is a field's name. */
const sentence = (text: string): string =>
  `${FIELD_NAME.test(text) ? text[0] : text[0]?.toUpperCase()}${text.slice(1)}.`

/** What the type does not say itself; a plain text or a list of objects needs no words. */
const limits = ({ type }: Field): string =>
  /\d|RFC|e-mail|URL|UUID/.test(type) ? sentence(type.replaceAll('`', '')) : ''

const aboutField = (field: Field): readonly string[] => [
  [
    field.about,
    limits(field),
    ...field.rules.map(sentence),
    field.personal ? 'Personal: keep it out of logs.' : '',
  ]
    .filter((text) => text !== '')
    .join(' '),
]

const listed = (paths: readonly string[]): string =>
  paths.length === 0 ? 'none' : paths.map((path) => `\`${path}\``).join(', ')

const aboutEvent = (contract: EventContract): readonly string[] => {
  const { 'x-key': key = [], 'x-rules': rules = [] } = jsonSchemaOf(contract)
  return [
    contract.summary,
    `Topic \`${contract.type}\`. Owner: ${contract.owner}. Record key: ${listed(key)}. Personal: ${listed(contract.personal)}.`,
    rules.map(sentence).join(' '),
  ]
}

const declarationOf = (contract: EventContract): string => {
  const name = typeNameOf(contract)
  const fields = new Map(fieldsIn(contract).map((field) => [field.path, aboutField(field)]))
  const writing: Writing = { name, about: (path) => fields.get(path) ?? [] }
  const { $defs = {}, ...root } = jsonSchemaOf(contract)
  const defined = Object.entries($defs).map(
    ([definition, node]) =>
      `export type ${definedName(writing, definition)} = ${typeText(node, '', '', writing)}`,
  )
  const own = [
    ...docComment(aboutEvent(contract)),
    `export type ${name} = ${typeText(root, '', '', writing)}`,
  ]
  return [own.join('\n'), ...defined].join('\n\n')
}

const HEADING = `// Written by \`npm run docs\` from the contracts. Do not edit.
// For vendors who do not validate with the contracts' own schemas: what the data of each event looks like.`

/** Text of packages/contracts/generated/types.d.ts: a type for the data of each event, and all of them by event type. */
export const typeDeclarations = (contracts: readonly EventContract[]): string => {
  const byType = contracts.map((contract) => `  readonly '${contract.type}': ${typeNameOf(contract)}`)
  const all = ['/** Data of each event, by its type. */', 'export type EventTypes = {', ...byType, '}']
  return `${[HEADING, ...contracts.map(declarationOf), all.join('\n')].join('\n\n')}\n`
}

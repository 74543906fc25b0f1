import { type EventContract, jsonSchemaOf, keyPathsOf } from '@commerce-mesh/contracts'
import { typeNameOf } from '../types/type-name.ts'
import { exampleHtml, upcastHtml } from './example.ts'
import { fieldTable } from './field-table.ts'
import { type Html, joined, markup } from './markup.ts'
import type { Reader, Use } from './use.ts'

/** Where the JSON Schema of an event stands, seen from the page. */
const schemaAddress = ({ type }: EventContract): string =>
  `../packages/contracts/published/${type}/schema.json`

const codes = (names: readonly string[], nothing: string): Html =>
  names.length === 0
    ? markup`${nothing}`
    : joined(
        names.map((name) => markup`<code>${name}</code>`),
        ', ',
      )

const readsHtml = ({ reads, projects }: Reader): Html | undefined => {
  if (reads !== undefined) return markup` reads ${codes(reads, 'nothing of its data')}`
  return projects ? markup` only shows it` : undefined
}

const readerHtml = (reader: Reader): Html => {
  const as = reader.as === undefined ? undefined : markup`, as <code>${reader.as}</code>`
  const when = reader.when === undefined ? undefined : markup`, when <code>${reader.when}</code>`
  return markup`<li><code>${reader.service}/${reader.handler}</code>${readsHtml(reader)}${as}${when}</li>`
}

const newestOf = (contract: EventContract, all: readonly EventContract[]): EventContract =>
  all
    .filter(({ name }) => name === contract.name)
    .reduce((newest, other) => (other.version > newest.version ? other : newest), contract)

const versionHtml = (contract: EventContract, all: readonly EventContract[]): Html | undefined => {
  const newest = newestOf(contract, all)
  if (newest === contract) return undefined
  return markup`\n<p class="older">An older version. The newest is <a href="#${newest.type}">${newest.type}</a>.</p>`
}

const rulesHtml = (contract: EventContract): Html | undefined => {
  const { 'x-rules': rules = [] } = jsonSchemaOf(contract)
  if (rules.length === 0) return undefined
  const items = rules.map((rule) => markup`<li>${rule}</li>`)
  return markup`\n<p>Rules between fields:</p>\n<ul>${items}</ul>`
}

const factsHtml = (contract: EventContract, { emittedBy, readers }: Use): Html => {
  const { type, owner, personal } = contract
  const facts: readonly (readonly [string, Html])[] = [
    ['Owner', markup`${owner}`],
    ['Topic', markup`<code>${type}</code>`],
    ['Record key', codes(keyPathsOf(contract), 'the same for every event')],
    ['Personal fields', codes(personal, 'none')],
    ['Emitted by', markup`${emittedBy.length === 0 ? 'nobody yet' : emittedBy.join(', ')}`],
    ['Read by', readers.length === 0 ? markup`nobody` : markup`<ul>${readers.map(readerHtml)}</ul>`],
    ['JSON Schema', markup`<a href="${schemaAddress(contract)}">schema.json</a>`],
    ['TypeScript type', markup`<code>${typeNameOf(contract)}</code>`],
  ]
  return markup`\n<dl>${facts.map(([name, value]) => markup`\n<dt>${name}</dt><dd>${value}</dd>`)}\n</dl>`
}

/**
 * All that is told of one event.
 *
 * @param all - every contract of the page, to find newer versions among.
 */
export const eventSection = (contract: EventContract, use: Use, all: readonly EventContract[]): Html => {
  const { type, summary } = contract
  const copy = markup`<button type="button" class="copy" data-text="${type}" hidden>Copy name</button>`
  return markup`
<section id="${type}" class="event">
<h2><a href="#${type}">${type}</a> ${copy}</h2>
<p class="summary">${summary}</p>${versionHtml(contract, all)}${factsHtml(contract, use)}
<h3>Data</h3>${fieldTable(contract)}${rulesHtml(contract)}
<h3>Example</h3>${exampleHtml(contract)}${upcastHtml(contract)}
</section>`
}

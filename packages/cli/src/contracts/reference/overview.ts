import type { EventContract } from '@commerce-mesh/contracts'
import { breakable, type Html, markup } from './markup.ts'
import type { Use } from './use.ts'

const namesOf = (services: readonly string[], nobody: string): string =>
  services.length === 0 ? nobody : [...new Set(services)].join(', ')

const rowOf = ({ type, summary }: EventContract, { emittedBy, readers }: Use): Html => {
  const readBy = namesOf(
    readers.map(({ service }) => service),
    'nobody',
  )
  return markup`
<tr data-event="${type}">
<th scope="row"><a href="#${type}"><code>${breakable(type)}</code></a></th>
<td>${summary}</td>
<td>${namesOf(emittedBy, 'nobody yet')}</td>
<td>${readBy}</td>
</tr>`
}

const COLUMNS = ['Event', 'What has happened', 'Emitted by', 'Read by'].map(
  (name) => markup`<th scope="col">${name}</th>`,
)

/** All events as a table, each with a way to its section. */
export const overviewTable = (
  contracts: readonly EventContract[],
  useOf: (contract: EventContract) => Use,
): Html => markup`
<div class="wide" tabindex="0" role="region" aria-label="All events">
<table>
<thead><tr>${COLUMNS}</tr></thead>
<tbody>${contracts.map((contract) => rowOf(contract, useOf(contract)))}
</tbody>
</table>
</div>`

const linkOf = ({ type }: EventContract): Html =>
  markup`\n<li data-event="${type}"><a href="#${type}">${breakable(type)}</a></li>`

/** All events by their owners, as the links beside the page. */
export const ownerLists = (contracts: readonly EventContract[]): readonly Html[] =>
  [...Map.groupBy(contracts, ({ owner }) => owner)].map(
    ([owner, own]) => markup`\n<div class="group">\n<h2>${owner}</h2>\n<ul>${own.map(linkOf)}\n</ul>\n</div>`,
  )

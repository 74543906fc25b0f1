import type { EventContract } from '@commerce-mesh/contracts'
import { type Field, fieldsIn } from './field.ts'
import { breakable, type Html, markup, prose } from './markup.ts'

const KEY = markup` <span class="mark key" title="The record key is made of it">key</span>`

const PERSONAL = markup` <span class="mark personal" title="It never enters logs, traces, metrics or error messages">personal</span>`

const marks = ({ isKey, personal }: Field): readonly Html[] => [
  ...(isKey ? [KEY] : []),
  ...(personal ? [PERSONAL] : []),
]

const rulesHtml = ({ rules, patterns }: Field): readonly Html[] => [
  ...rules.map((rule) => markup`<br><span class="rule">${rule}</span>`),
  ...patterns.map((pattern) => markup`<br><span class="rule">must match <code>${pattern}</code></span>`),
]

const rowOf = (field: Field): Html => markup`
<tr>
<th scope="row"><code>${breakable(field.path)}</code>${marks(field)}</th>
<td>${prose(field.type)}</td>
<td>${field.required ? 'yes' : 'no'}</td>
<td>${prose(field.about)}${rulesHtml(field)}</td>
</tr>`

const COLUMNS = ['Field', 'Type', 'Required', 'Meaning and rules'].map(
  (name) => markup`<th scope="col">${name}</th>`,
)

/** The fields of an event's data as a table. */
export const fieldTable = (contract: EventContract): Html => markup`
<div class="wide" tabindex="0" role="region" aria-label="Fields of ${contract.type}">
<table class="fields">
<thead><tr>${COLUMNS}</tr></thead>
<tbody>${fieldsIn(contract).map(rowOf)}
</tbody>
</table>
</div>`

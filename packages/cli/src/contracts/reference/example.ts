import { type EventContract, sampleEventOf, toBinary, toStructured } from '@commerce-mesh/contracts'
import { jsonHtml } from './json-text.ts'
import { type Html, markup } from './markup.ts'

const block = (title: string, text: Html, more: Html = markup``): Html => markup`
<details${more}>
<summary>${title}</summary>
<div class="code"><pre tabindex="0"><code>${text}</code></pre><button type="button" class="copy" hidden>Copy</button></div>
</details>`

const OPEN = markup` open`

const recordText = (contract: EventContract): Html => {
  const event = sampleEventOf(contract)
  const headers = Object.entries(toBinary(event).headers).map(
    ([name, value]) => markup`  <span class="k">${name}</span>: ${value}\n`,
  )
  const key = markup`<span class="k">key</span>: ${contract.key(event.data)}\n`
  return markup`${key}<span class="k">headers</span>:\n${headers}<span class="k">value</span>: ${jsonHtml(event.data)}`
}

/** An event as its contract's first example has it: in the JSON format, and as a Kafka record. */
export const exampleHtml = (contract: EventContract): Html => {
  if (contract.examples.length === 0) return markup`\n<p>The contract has no example yet.</p>`
  const structured: unknown = JSON.parse(toStructured(sampleEventOf(contract)))
  const record = block('The same as a Kafka record', recordText(contract))
  return markup`${block('CloudEvent in the JSON format', jsonHtml(structured), OPEN)}${record}`
}

/** How a reader of a contract takes the version before, by an example; undefined where it takes none. */
export const upcastHtml = ({ type, upcast }: EventContract): Html | undefined => {
  if (upcast === undefined) return undefined
  const older = upcast.from.type
  const [sample] = upcast.from.examples
  const shown =
    sample === undefined
      ? []
      : [
          block(`Data of ${older}`, jsonHtml(sample)),
          block(`The same, read as ${type}`, jsonHtml(upcast.map(sample))),
        ]
  return markup`
<h3>Older versions</h3>
<p>Who reads <code>${type}</code> takes <code>${older}</code> too: its data is read as that of the newer version.</p>${shown}`
}

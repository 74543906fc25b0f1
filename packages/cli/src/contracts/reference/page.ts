import { hash } from 'node:crypto'
import type { EventContract } from '@commerce-mesh/contracts'
import type { DeclaredService } from '@commerce-mesh/mesh'
import { eventSection } from './event-section.ts'
import { markup } from './markup.ts'
import { overviewTable, ownerLists } from './overview.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import { type Use, usesOf } from './use.ts'

const allowed = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`

/** The page may use its own style and script; everything else, and every address, is forbidden. */
const POLICY = [
  "default-src 'none'",
  `style-src ${allowed(STYLE)}`,
  `script-src ${allowed(SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const UNUSED: Use = { emittedBy: [], readers: [] }

const HEADING = markup`
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Event contracts of Commerce Mesh</title>
<style>${{ html: STYLE }}</style>`

const TOOLS = markup`
<div class="tools" hidden>
<input id="filter" type="search" placeholder="Filter: learner.email" aria-label="Show only events that have these words" aria-describedby="told">
<p id="told" role="status"></p>
</div>`

const LEAD = markup`
<div class="lead">
<p>An event is a fact that does not change. Its contract says what its data looks like, which field keeps it in order, who may
publish it, and which fields are personal. Events are CloudEvents 1.0; each type and major version has a topic of its own name
(an operator may put a prefix before it).</p>
<p>A path such as <code>lines.*.mode</code> means the field of each item. A field that is not required may be left out; fields
that are not listed are refused. How to publish and to read: <a href="../packages/contracts/README.md">the contracts package</a>.
The same for machines: <a href="asyncapi.json">AsyncAPI 3</a>,
<a href="../packages/contracts/generated/types.d.ts">TypeScript types</a>, and a JSON Schema with each event.</p>
</div>`

/**
 * Text of docs/contracts.html: every event on one page that works from a disk.
 *
 * @param services - those whose declarations say who emits and who reads, in the order in which they are to be listed.
 * @param version - release of the mesh.
 */
export const contractsPage = (
  contracts: readonly EventContract[],
  services: readonly DeclaredService[],
  version: string,
): string => {
  const uses = usesOf(contracts, services)
  const useOf = ({ type }: EventContract): Use => uses.get(type) ?? UNUSED
  const sections = contracts.map((contract) => eventSection(contract, useOf(contract), contracts))
  return markup`<!doctype html>
<!-- Written by \`npm run docs\` from the contracts. Do not edit. -->
<html lang="en">
<head>${HEADING}
</head>
<body>
<div class="page">
<nav class="side" aria-label="Events">${TOOLS}${ownerLists(contracts)}
</nav>
<main>
<h1>Event contracts of Commerce Mesh</h1>${LEAD}${overviewTable(contracts, useOf)}${sections}
<footer>Commerce Mesh ${version}. Written by <code>npm run docs</code> from the contracts and from what the services declare.</footer>
</main>
</div>
<script>${{ html: SCRIPT }}</script>
</body>
</html>
`.html
}

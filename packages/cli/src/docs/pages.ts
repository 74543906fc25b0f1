import fs from 'node:fs'
import path from 'node:path'
import { CONTRACTS } from '@commerce-mesh/contracts'
import { configJsonSchema, editorSchema } from '@commerce-mesh/mesh'
import { asyncApiOf } from '../contracts/asyncapi/document.ts'
import { contractsPage } from '../contracts/reference/page.ts'
import { typeDeclarations } from '../contracts/types/declarations.ts'
import { declaredGraph } from '../graph/graph.ts'
import { renderSvg } from '../graph/svg.ts'
import { RUNNABLE, SERVICES } from '../services.ts'
import { VERSION } from '../version.ts'
import { configurationPage } from './configuration-page.ts'
import { errorsPage } from './errors-page.ts'

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** The generated files, by path from the root of the repository. */
export const generatedPages = (root: string): ReadonlyMap<string, string> => {
  const schema = configJsonSchema(SERVICES)
  const example = fs.readFileSync(path.join(root, 'examples', 'mesh.yaml'), 'utf8')
  // The edge first, as that is where an order comes in.
  const services = RUNNABLE.toReversed()
  return new Map([
    ['docs/asyncapi.json', json(asyncApiOf(CONTRACTS, services, VERSION))],
    ['docs/configuration.md', configurationPage(schema, example)],
    ['docs/contracts.html', contractsPage(CONTRACTS, services, VERSION)],
    ['docs/errors.md', errorsPage()],
    ['docs/graph.svg', `${renderSvg(declaredGraph()).join('\n')}\n`],
    ['docs/mesh.schema.json', json(editorSchema(schema))],
    ['packages/contracts/generated/types.d.ts', typeDeclarations(CONTRACTS)],
  ])
}

import fs from 'node:fs'
import path from 'node:path'
import { configJsonSchema, editorSchema } from '@commerce-mesh/mesh'
import { declaredGraph } from '../graph/graph.ts'
import { renderSvg } from '../graph/svg.ts'
import { SERVICES } from '../services.ts'
import { configurationPage } from './configuration-page.ts'
import { errorsPage } from './errors-page.ts'

/** The generated files, by path from the root of the repository. */
export const generatedPages = (root: string): ReadonlyMap<string, string> => {
  const schema = configJsonSchema(SERVICES)
  const example = fs.readFileSync(path.join(root, 'examples', 'mesh.yaml'), 'utf8')
  return new Map([
    ['docs/configuration.md', configurationPage(schema, example)],
    ['docs/errors.md', errorsPage()],
    ['docs/graph.svg', `${renderSvg(declaredGraph()).join('\n')}\n`],
    ['docs/mesh.schema.json', `${JSON.stringify(editorSchema(schema), undefined, 2)}\n`],
  ])
}

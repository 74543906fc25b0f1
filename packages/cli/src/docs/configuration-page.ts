import type { JsonSchema } from '@commerce-mesh/mesh'
import { ENVIRONMENT } from '../environment.ts'
import { settingsOf } from './settings.ts'
import type { Setting } from './settings.ts'

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const row = ({ path, type, preset, required, secret, about }: Setting): string => {
  const fallback = required ? '**needed**' : preset === undefined ? '' : `\`${preset}\``
  const note = secret ? `${about} Secret: refer to the environment.` : about
  return `| \`${path}\` | ${cell(type)} | ${cell(fallback)} | ${cell(note)} |`
}

const table = (settings: readonly Setting[]): string =>
  ['| Setting | Value | Default | Meaning |', '|---|---|---|---|', ...settings.map(row)].join('\n')

const INTRODUCTION = `<!-- Written by \`npm run docs\` from the schemas. Do not edit. -->
# Configuration

One file, \`mesh.yaml\` in the working directory, or the one that \`--config\` names. An empty or missing file gives every default below; only the
settings marked **needed** have none. \`mesh validate\` checks a file without starting anything and names file, line and column of what is wrong.

- **Unknown keys are errors**, with the nearest known key.
- **\`\${NAME}\`** takes a value from the environment; \`\${NAME:-default}\` has a default for a variable that is not set or empty;
  an empty default, \`\${NAME:-}\`, leaves the setting out, as if it were not written; \`$\${\` stands for a
  literal \`\${\`. Where a number or a truth value is wanted, the variable's text becomes one.
- **Secrets** belong into the environment. One that stands in the file is a warning.
- **Flags** of \`mesh up\` (\`--port\`, \`--lms\`, \`--data\`) go over the file.
- **Editors**: put \`# yaml-language-server: $schema=docs/mesh.schema.json\` into the first line.`

const intro = (name: string, service: JsonSchema) =>
  `### \`services.${name}\`\n\n${service.description === undefined ? '' : `${service.description}\n\n`}${table(settingsOf(service))}`

/** Text of docs/configuration.md. */
export const configurationPage = (schema: JsonSchema, example: string): string => {
  const { services, ...runtime } = schema.properties ?? {}
  const environment = ENVIRONMENT.map(({ name, about }) => `| \`${name}\` | ${cell(about)} |`)
  const sections = [
    INTRODUCTION,
    `## Example\n\n\`\`\`yaml\n${example.trimEnd()}\n\`\`\``,
    `## Runtime\n\n${table(settingsOf({ ...schema, properties: runtime }))}`,
    '## Services',
    ...Object.entries(services?.properties ?? {}).map(([name, service]) => intro(name, service)),
    `## Environment\n\n| Variable | Meaning |\n|---|---|\n${environment.join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

import { CATALOGUE, CONFIG_FINDINGS } from '@commerce-mesh/mesh'
import type { CatalogueEntry } from '@commerce-mesh/mesh'

const byName = <T>(entries: Readonly<Record<string, T>>) =>
  Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1))

const entryText = ([code, { meaning, order, action, retryable }]: readonly [string, CatalogueEntry]) =>
  [
    `### ${code}`,
    '',
    meaning,
    '',
    `- **Order**: ${order}`,
    `- **To do**: ${action}`,
    `- **Again by itself**: ${retryable ? 'yes' : 'no'}`,
  ].join('\n')

/** Text of docs/errors.md. */
export const errorsPage = (): string => {
  const findings = byName(CONFIG_FINDINGS).map(
    ([code, { meaning, action }]) => `| \`${code}\` | ${meaning} | ${action} |`,
  )
  const sections = [
    `<!-- Written by \`npm run docs\` from the catalogue. Do not edit. -->
# Errors

Every error that the mesh shows has a code. It says what happened, what it means for the order, and what to do. The same codes stand in logs, in the
\`code\` of HTTP problem documents, in dead letters (\`mesh dead show\`) and in \`mesh trace\`.`,
    ...byName(CATALOGUE).map(entryText),
    `## Findings of the configuration

\`mesh validate\` and \`mesh up\` name file, line and column with each. One that is an error gives MESH_CONFIG_INVALID.

| Code | Meaning | To do |
|---|---|---|
${findings.join('\n')}`,
  ]
  return `${sections.join('\n\n')}\n`
}

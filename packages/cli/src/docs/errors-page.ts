import { CATALOGUE, CONFIG_FINDINGS } from '@commerce-mesh/mesh'
import type { CatalogueEntry } from '@commerce-mesh/mesh'
import { CONTRACT_FINDINGS } from '../contracts/check/finding.ts'

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

const findingTable = (findings: Readonly<Record<string, { meaning: string; action: string }>>): string =>
  [
    '| Code | Meaning | To do |',
    '|---|---|---|',
    ...byName(findings).map(([code, { meaning, action }]) => `| \`${code}\` | ${meaning} | ${action} |`),
  ].join('\n')

/** Text of docs/errors.md. */
export const errorsPage = (): string => {
  const sections = [
    `<!-- Written by \`npm run docs\` from the catalogue. Do not edit. -->
# Errors

Every error that the mesh shows has a code. It says what happened, what it means for the order, and what to do. The same codes stand in logs, in the
\`code\` of HTTP problem documents, in dead letters (\`mesh dead show\`) and in \`mesh trace\`.`,
    ...byName(CATALOGUE).map(entryText),
    `## Findings of the configuration

\`mesh validate\` and \`mesh up\` name file, line and column with each. One that is an error gives MESH_CONFIG_INVALID.

${findingTable(CONFIG_FINDINGS)}`,
    `## Findings of the contracts

\`mesh contracts check\` names event, field and readers with each; \`mesh contracts publish\` refuses what is an error.

${findingTable(CONTRACT_FINDINGS)}`,
  ]
  return `${sections.join('\n\n')}\n`
}

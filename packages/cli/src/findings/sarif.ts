import { VERSION } from '../version.ts'
import type { ReportedFinding } from './finding.ts'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

const resultOf = ({ code, severity, file, line, column, path, message, fix }: ReportedFinding) => ({
  ruleId: code,
  level: severity,
  message: { text: `${path === '' ? '' : `${path}: `}${message} ${fix}` },
  locations: [
    {
      physicalLocation: {
        artifactLocation: { uri: file.split(/[\\/]/).map(encodeURIComponent).join('/') },
        region: { startLine: line, startColumn: column },
      },
    },
  ],
})

/**
 * Findings as a SARIF 2.1.0 log (OASIS), for code scanning.
 *
 * @param meanings - what each code means, by code.
 */
export const renderSarif = (
  findings: readonly ReportedFinding[],
  meanings: Readonly<Record<string, string>>,
): readonly string[] => {
  const rules = [...new Set(findings.map(({ code }) => code))].map((id) => ({
    id,
    shortDescription: { text: meanings[id] ?? id },
  }))
  const driver = { name: 'mesh', version: VERSION, rules }
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver }, results: findings.map(resultOf) }],
  }
  return [JSON.stringify(log, undefined, 2)]
}

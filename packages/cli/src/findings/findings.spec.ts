import { describe, expect, it } from '@jest/globals'
import { type ReportedFinding, countFindings } from './finding.ts'
import { renderGithub } from './github.ts'
import { renderSarif } from './sarif.ts'

const finding: ReportedFinding = {
  code: 'MESH_ROUTE_NEVER',
  severity: 'error',
  file: 'deploy/my mesh.yaml',
  line: 7,
  column: 9,
  path: 'routes.0.when.equals',
  message: 'currency can never be this: 100 %,\nor so.',
  fix: "Did you mean 'USD'?",
}

describe('findings', () => {
  it('are GitHub’s workflow commands, with its separators escaped', () => {
    expect(renderGithub([finding])).toEqual([
      "::error file=deploy/my mesh.yaml,line=7,col=9,title=MESH_ROUTE_NEVER::routes.0.when.equals: currency can never be this: 100 %25,%0Aor so. Did you mean 'USD'?",
    ])
    expect(renderGithub([{ ...finding, file: 'a,b:c.yaml', severity: 'warning', path: '' }])[0]).toMatch(
      /^::warning file=a%2Cb%3Ac\.yaml,line=7,col=9,title=MESH_ROUTE_NEVER::currency/,
    )
  })

  it('are a SARIF log, each rule told once', () => {
    const log = JSON.parse(
      renderSarif([finding, finding], { MESH_ROUTE_NEVER: 'It never holds.' }).join(''),
    ) as object
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'mesh',
              rules: [{ id: 'MESH_ROUTE_NEVER', shortDescription: { text: 'It never holds.' } }],
            },
          },
          results: [
            {
              ruleId: 'MESH_ROUTE_NEVER',
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'deploy/my%20mesh.yaml' },
                    region: { startLine: 7, startColumn: 9 },
                  },
                },
              ],
            },
            {},
          ],
        },
      ],
    })
  })

  it('are counted in words', () => {
    const warning = { ...finding, severity: 'warning' as const }
    expect(countFindings([])).toBeUndefined()
    expect(countFindings([finding, finding, warning])).toBe('2 errors, 1 warning')
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import * as contracts from './index.ts'
import { CONTRACTS, sampleOf } from './index.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

const rowOf = (contract: (typeof CONTRACTS)[number]): string => {
  const sample = sampleOf(contract) as Record<string, unknown>
  const key = Object.keys(sample).find((name) => sample[name] === contract.key(sample))
  const personal = contract.personal.map((path) => `\`${path}\``).join(', ') || 'none'
  return `| \`${contract.type}\` | ${contract.owner} | \`${key}\` | ${personal} | ${contract.summary} |`
}

describe('README.md', () => {
  it('has a row for each contract, and no other', () => {
    const rows = readme.split('\n').filter((line) => /^\| `.*\.v\d+` \|/.test(line))
    expect(rows).toEqual(CONTRACTS.map(rowOf))
  })

  it('imports only what is exported', () => {
    const imports = [...readme.matchAll(/import \{ ([^}]+) \} from '@commerce-mesh\/contracts'/g)]
    expect(imports.length).toBeGreaterThan(3)
    for (const [, names = ''] of imports)
      for (const name of names.split(', ')) expect(contracts).toHaveProperty(name)
  })

  it('names the limits as they are', () => {
    expect(readme).toContain(
      `${contracts.MAX_EXTENSIONS} extension attributes, ${contracts.MAX_ATTRIBUTE_LENGTH} characters`,
    )
    expect(readme).toContain(`at most ${contracts.MAX_FINDINGS} are listed`)
  })
})

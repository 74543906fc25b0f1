import { compare, isCompatible } from '../compare/compare.ts'
import type { Baseline, PublishedContract } from '../publish/baseline.ts'
import { schemaFileOf } from '../publish/baseline.ts'
import { CONTRACT_FINDINGS } from './finding.ts'
import type { ContractCode, ContractFinding } from './finding.ts'
import { sentenceOf } from '../compare/change/change.ts'

const finding = (code: ContractCode, type: string, file: string, message: string): ContractFinding => ({
  code,
  severity: 'error',
  type,
  file,
  path: '',
  message,
  fix: `What is published is added to and never changed. ${CONTRACT_FINDINGS[code].action}`,
  readers: [],
  routes: [],
})

const schemaFindings = (
  then: PublishedContract,
  now: PublishedContract,
  ref: string,
): readonly ContractFinding[] => {
  if (then.schema === undefined) return []
  const { type } = then
  const file = schemaFileOf(type)
  if (now.schema === undefined)
    return [
      finding(
        'MESH_CONTRACT_BASELINE',
        type,
        file,
        `its published schema was removed or broken since ${ref}`,
      ),
    ]
  const changes = compare(then.schema, now.schema)
  return isCompatible(changes)
    ? []
    : changes
        .filter(({ severity }) => severity === 'error')
        .map((change) =>
          finding(
            'MESH_CONTRACT_BREAKS',
            type,
            file,
            `its published schema was changed by hand since ${ref}: ${sentenceOf(change)}`,
          ),
        )
}

const exampleFindings = (
  then: PublishedContract,
  now: PublishedContract,
  ref: string,
): readonly ContractFinding[] =>
  then.examples.flatMap(({ name, text }) => {
    const kept = now.examples.find((example) => example.name === name)
    if (kept?.text === text) return []
    const what = kept === undefined ? 'was removed' : 'was changed'
    return [
      finding(
        'MESH_CONTRACT_EXAMPLE',
        then.type,
        name,
        `stored event ${name.split('/').at(-1) ?? name} ${what} since ${ref}`,
      ),
    ]
  })

/**
 * What of the published contracts themselves was taken away or changed since a commit. Pure.
 *
 * @param ref - how the commit was named.
 */
export const appendOnlyFindings = (then: Baseline, now: Baseline, ref: string): readonly ContractFinding[] =>
  [...then.values()].flatMap((before) => {
    const after = now.get(before.type)
    return after === undefined
      ? [
          finding(
            'MESH_CONTRACT_GONE',
            before.type,
            schemaFileOf(before.type),
            `its published files were removed since ${ref}`,
          ),
        ]
      : [...schemaFindings(before, after, ref), ...exampleFindings(before, after, ref)]
  })

import type { ReportedFinding } from '../../findings/finding.ts'
import { countFindings } from '../../findings/finding.ts'
import type { Paint } from '../../terminal/paint.ts'
import type { Verdict } from '../compare/change/change.ts'
import type { BrokenReader, BrokenRoute } from './affected.ts'
import type { ContractCode, ContractFinding } from './finding.ts'

const REFUSED: Readonly<Record<Verdict, string>> = {
  yes: 'taken',
  no: 'refused',
  unknown: 'may be refused, no schema can tell',
}

const verdictText = (verdict: Verdict, because: string | undefined): string =>
  verdict === 'no' && because !== undefined ? `${REFUSED.no} (${because})` : REFUSED[verdict]

const handlerText = ({ service, handler }: Pick<BrokenReader, 'service' | 'handler'>): string =>
  handler === undefined ? service : `${service}/${handler}`

const readerText = (reader: BrokenReader): string => `${handlerText(reader)} (${reader.why})`

const routeText = ({ where, field, ...to }: BrokenRoute): string =>
  `the route ${where === 'default' ? 'of' : `${where} to`} ${handlerText(to)} (its condition looks at ${field})`

const AFFECTS: Readonly<Partial<Record<ContractCode, string>>> = {
  MESH_CONTRACT_READERS_FIRST: 'deploy first:',
  MESH_CONTRACT_MEANING: 'concerns',
}

const affectedText = ({ code, readers, routes }: ContractFinding): readonly string[] => {
  const all = [...readers.map(readerText), ...routes.map(routeText)]
  return all.length === 0 ? [] : [`${AFFECTS[code] ?? 'breaks'} ${all.join(', ')}`]
}

const verdictsText = ({ change }: ContractFinding): readonly string[] => {
  if (change === undefined || (change.newReaders === 'yes' && change.oldReaders === 'yes')) return []
  const { newReaders, oldReaders, because } = change
  return [
    `new readers of old events: ${verdictText(newReaders, because.newReaders)}. old readers of new events: ${verdictText(oldReaders, newReaders === 'yes' ? because.oldReaders : undefined)}.`,
  ]
}

const HEADS: readonly (readonly [ContractCode, string])[] = [
  ['MESH_CONTRACT_BREAKS', 'breaks'],
  ['MESH_CONTRACT_GONE', 'is gone'],
  ['MESH_CONTRACT_EXAMPLE', 'stored events are refused or changed'],
  ['MESH_CONTRACT_BASELINE', 'is published in no readable form'],
  ['MESH_CONTRACT_UNPUBLISHED', 'is not published'],
  ['MESH_CONTRACT_READERS_FIRST', 'readers first'],
  ['MESH_CONTRACT_MEANING', 'is read in another way'],
]

const headOf = (type: string, findings: readonly ContractFinding[], paint: Paint): string => {
  const [, words = ''] = HEADS.find(([code]) => findings.some((finding) => finding.code === code)) ?? []
  const isBad = findings.some(({ severity }) => severity === 'error')
  return `${paint.bold(type)}  ${isBad ? paint.red(words) : paint.yellow(words)}`
}

const findingText = (finding: ContractFinding, paint: Paint): readonly string[] => [
  `  ${finding.path === '' ? '' : `${finding.path}: `}${finding.message}  ${paint.dim(finding.code)}`,
  ...[...verdictsText(finding), ...affectedText(finding), `Fix: ${finding.fix}`].map((line) => `    ${line}`),
]

/** Findings for people, by event type: what changed, who refuses what, whom it breaks, what to do. */
export const renderFindings = (findings: readonly ContractFinding[], paint: Paint): readonly string[] =>
  [...Map.groupBy(findings, ({ type }) => type)].flatMap(([type, own]) => [
    headOf(type, own, paint),
    ...own.flatMap((finding) => findingText(finding, paint)),
    '',
  ])

/** The last line: how many contracts were looked at, against what, and with what result. */
export const renderVerdict = (
  findings: readonly ContractFinding[],
  { count, against }: { readonly count: number; readonly against: string },
  paint: Paint,
): string => {
  const counted = countFindings(findings)
  const isBad = findings.some(({ severity }) => severity === 'error')
  const verdict =
    counted === undefined
      ? paint.green('nothing changed that anybody would notice')
      : isBad
        ? paint.red(counted)
        : paint.yellow(counted)
  return `${count} contracts against ${against}: ${verdict}`
}

/**
 * Findings in the form of every other check.
 *
 * @param fileOf - the path of a published file as it is shown.
 */
export const reportedFindings = (
  findings: readonly ContractFinding[],
  fileOf: (name: string) => string,
): readonly ReportedFinding[] =>
  findings.map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    file: fileOf(finding.file),
    line: 1,
    column: 1,
    path: finding.path,
    message: [
      `${finding.message} (${finding.type}).`,
      ...verdictsText(finding),
      ...affectedText(finding).map((line) => `${line}.`),
    ].join(' '),
    fix: finding.fix,
  }))

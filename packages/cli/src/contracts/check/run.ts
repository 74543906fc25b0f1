import fs from 'node:fs'
import path from 'node:path'
import { CONTRACTS, EventFormatError, fromStructured, readAs, sampleEventOf } from '@commerce-mesh/contracts'
import type { CloudEvent, EventContract } from '@commerce-mesh/contracts'
import { contractsOf } from '@commerce-mesh/mesh'
import { EXIT } from '../../command/exit-code.ts'
import type { ExitCode } from '../../command/exit-code.ts'
import type { Input } from '../../command/input.ts'
import { UsageError } from '../../command/usage-error.ts'
import { shortPath } from '../../data/place.ts'
import { formatOf } from '../../command/format.ts'
import { renderGithub } from '../../findings/github.ts'
import { loadProgram } from '../../program/program.ts'
import { wiringOf } from '../../program/wiring.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { baselineOf } from '../publish/baseline.ts'
import type { Baseline } from '../publish/baseline.ts'
import { PUBLISHED, isInstalled, publishedFolder, readFolder } from '../publish/folder.ts'
import { readersOf } from '../readers/readers.ts'
import { appendOnlyFindings } from './append-only.ts'
import { checkContracts } from './check.ts'
import type { ContractFinding } from './finding.ts'
import { readCommit } from './git.ts'
import { renderFindings, renderVerdict, reportedFindings } from './render.ts'
import { versionsOf } from './versions.ts'

const FORMATS = ['text', 'json', 'github'] as const
/** What is compared with: a folder, and a commit besides. */
type Against = {
  readonly shown: string
  readonly folder: string
  readonly baseline: Baseline
  readonly commit?: { readonly ref: string; readonly baseline: Baseline }
  /** The contracts package's own, in which a plugin's contracts are not to be found. */
  readonly isOurs: boolean
}

const againstOf = (input: Input, terminal: Terminal): Against => {
  const own = publishedFolder(terminal)
  const ours = { folder: own, baseline: baselineOf(readFolder(own)), isOurs: true }
  const named = input.text('against')
  if (named === undefined) return { ...ours, shown: shortPath(own, terminal) }
  if (named === '')
    throw new UsageError('--against is empty.', 'Name a commit or a folder, or leave --against out.')
  const folder = path.resolve(terminal.directory, named)
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
    return {
      shown: shortPath(folder, terminal),
      folder,
      baseline: baselineOf(readFolder(folder)),
      isOurs: false,
    }
  if (isInstalled(terminal))
    throw new UsageError(
      `--against '${named}' is no folder.`,
      'Commits can be named in a clone of the repository.',
    )
  const baseline = baselineOf(readCommit(terminal.root, PUBLISHED, named))
  if (baseline.size === 0)
    terminal.note(`${named} holds no ${PUBLISHED}: only what is published here is looked at.`)
  return { ...ours, shown: named, commit: { ref: named, baseline } }
}

const decoded = (contract: EventContract, text: string): readonly CloudEvent<unknown>[] => {
  try {
    return [readAs(contract, fromStructured(text))]
  } catch (thrown) {
    if (thrown instanceof EventFormatError) return []
    throw thrown
  }
}

/** Events to watch readers with: stored ones that are still good, and the contract's own examples. */
const storedIn =
  (baseline: Baseline) =>
  (contract: EventContract): readonly CloudEvent<unknown>[] => [
    ...(baseline.get(contract.type)?.examples ?? []).flatMap(({ text }) => decoded(contract, text)),
    ...contract.examples.map((data) => ({ ...sampleEventOf(contract), data })),
  ]

const idOf = ({ code, type, path: at, message }: ContractFinding): string =>
  [code, type, at, message].join('\n')

/** Each once, those of the same event version together. */
const gathered = (findings: readonly ContractFinding[]): readonly ContractFinding[] => {
  const unique = new Map(findings.toReversed().map((finding) => [idOf(finding), finding]))
  return [...Map.groupBy([...unique.values()].toReversed(), ({ type }) => type).values()].flat()
}

/** `mesh contracts check`. @throws UsageError, ConfigError (MESH_CONFIG_INVALID) */
export const checkPublished = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = formatOf(input, FORMATS)
  const against = againstOf(input, terminal)
  const { services, mesh } = await loadProgram(input, terminal)
  for (const { code, message } of mesh.problems)
    terminal.note(
      terminal.notePaint.yellow(`${code} ${message} Its contracts and handlers are not known here.`),
    )
  const contracts = [...contractsOf(mesh).values()]
  const readers = await readersOf(services, wiringOf(input, terminal), storedIn(against.baseline))
  const isForeign = ({ type }: EventContract) => !CONTRACTS.some((one) => one.type === type)
  const unpublished = (contract: EventContract) =>
    against.isOurs && isForeign(contract) ? 'warning' : 'error'
  const here = checkContracts({ contracts, readers, baseline: against.baseline, unpublished })
  const there =
    against.commit === undefined
      ? []
      : [
          ...checkContracts({
            contracts,
            readers,
            baseline: against.commit.baseline,
            unpublished: () => undefined,
          }),
          ...appendOnlyFindings(against.commit.baseline, against.baseline, against.commit.ref),
        ]
  const findings = gathered([...there, ...here])
  const valid = !findings.some(({ severity }) => severity === 'error')
  const fileOf = (name: string) => shortPath(path.join(against.folder, name), terminal)
  if (format === 'json')
    terminal.out(JSON.stringify({ valid, against: against.shown, findings }, undefined, 2))
  if (format === 'github')
    for (const line of renderGithub(reportedFindings(findings, fileOf))) terminal.out(line)
  if (format === 'text') {
    for (const line of renderFindings(findings, terminal.paint)) terminal.out(line)
    const count = versionsOf(contracts).size
    terminal.out(renderVerdict(findings, { count, against: against.shown }, terminal.paint))
  }
  return valid ? EXIT.ok : EXIT.failed
}

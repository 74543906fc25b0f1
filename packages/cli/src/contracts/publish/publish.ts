import path from 'node:path'
import { CONTRACTS } from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import { EXIT } from '../../command/exit-code.ts'
import type { ExitCode } from '../../command/exit-code.ts'
import type { Input } from '../../command/input.ts'
import { UsageError } from '../../command/usage-error.ts'
import { shortPath } from '../../data/place.ts'
import { layTable } from '../../terminal/table.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { changeFinding } from '../check/check.ts'
import { renderFindings } from '../check/render.ts'
import { versionsOf } from '../check/versions.ts'
import { knownContracts } from '../known.ts'
import { baselineOf } from './baseline.ts'
import { isInstalled, publishedFolder, readFolder, writeFolder } from './folder.ts'
import { planPublication } from './plan.ts'
import type { Publication } from './plan.ts'

const ACTIONS: Readonly<Record<Publication['action'], string>> = {
  new: 'published',
  update: 'updated',
  none: 'as it was',
  refused: 'refused',
}

const folderOf = (input: Input, terminal: Terminal): string => {
  const named = input.text('to')
  if (named === '') throw new UsageError('--to is empty.', 'Name a folder of yours, or leave --to out.')
  if (named !== undefined) return path.resolve(terminal.directory, named)
  if (isInstalled(terminal))
    throw new UsageError(
      'An installed package is not published into.',
      'Name a folder of yours: mesh contracts publish --to DIR',
    )
  return publishedFolder(terminal)
}

/** The folder of the contracts package holds its own contracts; another one holds what the mesh knows, plugins' contracts too. */
const contractsFor = async (input: Input, terminal: Terminal): Promise<readonly EventContract[]> => {
  const known =
    input.text('to') === undefined ? CONTRACTS : [...(await knownContracts(input, terminal)).values()]
  return [...versionsOf(known).values()]
}

const showRefused = (refused: readonly Publication[], folder: string, terminal: Terminal): void => {
  const { paint } = terminal
  for (const { type, trouble } of refused)
    if (trouble !== undefined) terminal.out(`${paint.bold(type)}  ${paint.red('refused')}\n  It ${trouble}\n`)
  const findings = refused.flatMap(({ type, changes }) =>
    changes.map((change) => changeFinding(change, type, [])),
  )
  for (const line of renderFindings(findings, paint)) terminal.out(line)
  terminal.out(
    paint.red(
      `Nothing was written to ${shortPath(folder, terminal)}: what is published stays readable for whoever relies on it. mesh contracts check names whom a change breaks.`,
    ),
  )
}

const showDone = (plan: readonly Publication[], folder: string, terminal: Terminal): void => {
  const rows = plan.map(({ type, action, files }) => [
    type,
    ACTIONS[action],
    files.map(({ name }) => name.slice(type.length + 1)).join(', '),
  ])
  for (const line of layTable(rows)) terminal.out(line)
  const written = plan.reduce((sum, { files }) => sum + files.length, 0)
  const where = shortPath(folder, terminal)
  terminal.out(
    written === 0
      ? `${where} was up to date.`
      : `${written} ${written === 1 ? 'file' : 'files'} written to ${where}: commit ${written === 1 ? 'it' : 'them'} with the change.`,
  )
}

/** `mesh contracts publish`: exit code 1 where a contract is refused; then nothing is written. @throws UsageError, MeshError */
export const publishContracts = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const folder = folderOf(input, terminal)
  const plan = planPublication(await contractsFor(input, terminal), baselineOf(readFolder(folder)))
  const refused = plan.filter(({ action }) => action === 'refused')
  if (refused.length > 0) {
    showRefused(refused, folder, terminal)
    return EXIT.failed
  }
  writeFolder(
    folder,
    plan.flatMap(({ files }) => files),
  )
  showDone(plan, folder, terminal)
  return EXIT.ok
}

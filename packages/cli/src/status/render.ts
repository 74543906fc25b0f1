import { actionOf } from '../client/readiness.ts'
import { plainCall } from '../terminal/call.ts'
import type { Call } from '../terminal/call.ts'
import type { Paint } from '../terminal/paint.ts'
import { layTable } from '../terminal/table.ts'
import { MOST_LETTERS } from './ask.ts'
import type { MeshStatus } from './ask.ts'

const headOf = ({ url, ready }: MeshStatus, paint: Paint): string => {
  if (ready === undefined)
    return `${url}  (engines: they don’t know which services run, nor whether they are ready)`
  return `${url}  ${ready ? paint.green('ready') : paint.red('not ready')}`
}

const lettersLine = (count: number | undefined, paint: Paint, call: Call): string => {
  if (count === undefined) return paint.yellow('Dead letters: the store can’t be asked.')
  if (count === 0) return 'No dead letters.'
  const many =
    count === MOST_LETTERS ? `${count} dead letters or more` : `${count} dead letter${count === 1 ? '' : 's'}`
  return paint.yellow(`${many}: ${call('dead list')}`)
}

const noteLines = (service: string, note: string, paint: Paint): readonly string[] => {
  const action = actionOf(note)
  return [paint.yellow(`${service}: ${note}`), ...(action === undefined ? [] : [`  To do: ${action}`])]
}

/** A status as lines for people. */
export const renderStatus = (status: MeshStatus, paint: Paint, call: Call = plainCall): readonly string[] => {
  const rows = status.services.map(({ service, breakerOpen, lag, waiting, inFlight }) => [
    service,
    breakerOpen === undefined ? 'elsewhere' : breakerOpen ? 'open' : 'closed',
    lag ?? '',
    waiting ?? '',
    inFlight ?? '',
  ])
  const open = status.services
    .filter(({ service, breakerOpen }) => breakerOpen === true && status.notes[service] === undefined)
    .map(({ service }) => service)
  return [
    headOf(status, paint),
    ...Object.entries(status.problems).map(([name, problem]) => `  ${paint.red(name)}: ${problem}`),
    '',
    ...layTable([['service', 'breaker', 'lag', 'waiting', 'in flight'], ...rows]),
    '',
    lettersLine(status.deadLetters, paint, call),
    ...Object.entries(status.notes).flatMap(([service, note]) => noteLines(service, note, paint)),
    ...(open.length === 0
      ? []
      : [
          paint.yellow(
            `${open.join(', ')}: what it depends on is down or throttling; orders wait in the log and go on by themselves.`,
          ),
        ]),
  ]
}

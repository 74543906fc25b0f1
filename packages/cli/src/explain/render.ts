import type { Paint } from '../terminal/paint.ts'
import type { Explained, Way } from './explain.ts'

const VERDICTS: Readonly<Record<Way['verdict'], (way: Way) => string>> = {
  takes: ({ route }) => `takes it (${route})`,
  skips: ({ route }) => `does not get it: ${route} does not hold`,
  off: ({ route }) => `does not get it: ${route} is off`,
  shows: () => 'shows it',
  'can’t read': ({ reason }) => `can’t read it, and makes a dead letter of class contract: ${reason}`,
  'comes too late': ({ route }) => `does not get it: a route above has taken it (${route})`,
}

type Branch = { readonly text: string; readonly below: readonly Branch[] }

const emitting = (types: readonly string[]): string =>
  types.length === 0 ? 'emits nothing' : `may emit ${types.join(', ')}; it is not run here`

const wayBranch = (way: Way, paint: Paint): Branch => {
  const { service, handler, verdict, decision, mayEmit } = way
  const colour = verdict === 'takes' ? paint.green : verdict === 'shows' ? paint.dim : paint.yellow
  const text = `${paint.bold(`${service}/${handler}`)}  ${colour(VERDICTS[verdict](way))}`
  if (decision === undefined)
    return { text, below: mayEmit === undefined ? [] : [{ text: emitting(mayEmit), below: [] }] }
  const why = [decision.code, decision.reason].filter((part) => part !== undefined).join(': ')
  return {
    text,
    below: [
      {
        text: `would decide ${decision.outcome}${why === '' ? '' : `: ${why}`}`,
        below: decision.events.map((event) => eventBranch(event, paint)),
      },
    ],
  }
}

const eventBranch = ({ type, ways, refused }: Explained, paint: Paint): Branch => ({
  text: paint.bold(type),
  below:
    refused !== undefined
      ? [{ text: paint.red(`becomes a dead letter of class contract: ${refused}`), below: [] }]
      : ways.length === 0
        ? [{ text: paint.yellow('nobody reads it'), below: [] }]
        : ways.map((way) => wayBranch(way, paint)),
})

const lay = (branches: readonly Branch[], indent: string): readonly string[] =>
  branches.flatMap(({ text, below }, nth) => {
    const last = nth === branches.length - 1
    return [`${indent}${last ? '└─' : '├─'} ${text}`, ...lay(below, `${indent}${last ? '   ' : '│  '}`)]
  })

/** What a mesh would do with an event, as a tree for people. */
export const renderExplained = (explained: Explained, paint: Paint): readonly string[] => {
  const { text, below } = eventBranch(explained, paint)
  return [
    `${text}  ${explained.key}`,
    ...lay(below, ''),
    '',
    paint.dim('Nothing was done. Handlers that only decide were run as for a key that is new to them.'),
  ]
}

import type { EngineName } from '../engine/engine.ts'
import { engineOf } from '../engine/engines.ts'
import { sizeInWords, sizeOf } from '../place/size.ts'
import type { EngineRecord } from '../state/state.ts'
import type { Aliveness } from './alive.ts'
import type { Up } from './up.ts'

const indented = (text: string, by: string): string => text.replace(/^/gm, by)

/** A time span in words: `3 min`. */
export const spanInWords = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1_000))} s`
  if (minutes < 120) return `${minutes} min`
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} days`
}

const addressesInWords = ({ addresses }: EngineRecord): string => Object.values(addresses).join('  ')

/** What is printed of an engine that is up: its address and the lines to use. */
export const upLines = ({ name, record, ran, readyMs }: Up): readonly string[] => {
  const engine = engineOf(name)
  const how = ran ? 'runs already' : `ready after ${(readyMs / 1_000).toFixed(1)} s`
  const variables = {
    ...engine.meshEnvironment(record.addresses),
    ...engine.testEnvironment(record.addresses),
  }
  return [
    `${name}: ${engine.label[record.by]}, ${how}: ${addressesInWords(record)}`,
    ...Object.entries(variables).map(([variable, value]) => `  export ${variable}='${value}'`),
    '  mesh.yaml:',
    indented(engine.meshYaml(record.addresses), '    '),
  ]
}

const sizeInfo = ({ by, data }: EngineRecord): string =>
  by === 'recipe' ? `, ${sizeInWords(sizeOf(data))}` : ''

const whoRuns = ({ container, processes }: EngineRecord): string =>
  container === undefined
    ? processes.map(({ name, pid, port }) => `${name}: pid ${pid}, port ${port}`).join('; ')
    : `container ${container.slice(0, 12)}`

const ALIVE: Readonly<Record<Aliveness, string>> = {
  running: 'runs',
  partly: 'runs only in part; `up` starts it whole again',
  ended: 'has ended by itself; `up` starts it again, `down` forgets it',
}

/** What `status` prints of one engine. */
export const statusLines = (
  name: string,
  record: EngineRecord,
  alive: Aliveness,
  now: Date,
): readonly string[] => [
  `${name}: ${engineOf(name as EngineName).label[record.by]}, by ${record.by}, ${ALIVE[alive]}`,
  `  at      ${addressesInWords(record)}`,
  `  since   ${record.since} (${spanInWords(now.getTime() - Date.parse(record.since))})`,
  `  runs as ${whoRuns(record)}`,
  `  data    ${record.data}${sizeInfo(record)}`,
  ...record.logs.map((log) => `  log     ${log}`),
]

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { EngineError } from '../engine-error.ts'

const processRecord = z.object({ name: z.string(), pid: z.int(), started: z.string(), port: z.int() })

const engineRecord = z.object({
  /** How it was started. */
  by: z.enum(['recipe', 'docker']),
  /** When, as ISO 8601. */
  since: z.string(),
  /** Folder of its data, or name of the Docker volume. */
  data: z.string(),
  logs: z.array(z.string()),
  /** The processes that were started; with Docker there is none of ours. */
  processes: z.array(processRecord),
  /** Id of the Docker container. */
  container: z.string().optional(),
  /** What clients need: `bootstrapServers`, `url`, …. */
  addresses: z.record(z.string(), z.string()),
  /** Its ports, to take the same ones again next time. */
  ports: z.array(z.int()),
})

const stateFile = z.object({
  version: z.literal(1),
  running: z.record(z.string(), engineRecord),
  /** Ports that each engine had last, whether it runs or not. */
  ports: z.record(z.string(), z.array(z.int())),
})

/** A process that an engine consists of. */
export type ProcessRecord = z.output<typeof processRecord>

/** What was noted when an engine was started. */
export type EngineRecord = z.output<typeof engineRecord>

/** Everything that is known of a set of engines. */
export type State = z.output<typeof stateFile>

const fileOf = (home: string): string => path.join(home, 'state.json')

/** Reads the state of a set of engines; a folder without one has none running. @throws EngineError when it is damaged */
export const readState = (home: string): State => {
  const file = fileOf(home)
  if (!existsSync(file)) return { version: 1, running: {}, ports: {} }
  try {
    return stateFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new EngineError(
      `${file} is damaged or of another release, so it is not known which processes are ours.`,
      'Look for java and secantusd-py processes, end yours, then delete the file.',
      { cause },
    )
  }
}

/** Writes the state; whoever reads meanwhile sees the old one or the new one. */
export const writeState = (home: string, state: State): void => {
  mkdirSync(home, { recursive: true })
  const file = fileOf(home)
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(draft, file)
}

/** The state with an engine noted as running, its ports remembered. */
export const withEngine = (state: State, name: string, record: EngineRecord): State => ({
  ...state,
  running: { ...state.running, [name]: record },
  ports: { ...state.ports, [name]: record.ports },
})

/** The state without an engine; its ports stay remembered. */
export const withoutEngine = (state: State, name: string): State => ({
  ...state,
  running: Object.fromEntries(Object.entries(state.running).filter(([other]) => other !== name)),
})

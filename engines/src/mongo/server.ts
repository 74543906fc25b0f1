import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isRunning } from '../process/identity.ts'
import type { ProcessId } from '../process/identity.ts'
import { launch } from '../process/launch.ts'
import { untilReady } from '../process/ready.ts'
import { takesWrites } from './hello.ts'

/** How long the server may take to start, in milliseconds; it takes 1.5 s on an idle machine. */
const START_MS = 60_000

/** A server to start. */
export type MongoPlan = {
  /** Everything of this server: data, log, settings. */
  readonly folder: string
  /** Port on 127.0.0.1. */
  readonly port: number
}

/** Connection string of a server. */
export const mongoUrl = (port: number): string => `mongodb://127.0.0.1:${port}/?directConnection=true`

/** Log file of a server. */
export const mongoLog = ({ folder }: MongoPlan): string => path.join(folder, 'secantusd.log')

/** Starts the server; it is not ready yet. @throws EngineError */
export const launchMongo = (plan: MongoPlan, program: string, detached: boolean): Promise<ProcessId> => {
  mkdirSync(plan.folder, { recursive: true })
  // Named, so that no settings file of the user's is found.
  const settings = path.join(plan.folder, 'secantusd.toml')
  writeFileSync(settings, '')
  const place = ['--config', settings, '--host', '127.0.0.1', '--port', String(plan.port)]
  const storage = ['--storage-path', path.join(plan.folder, 'data'), '--cache-size', '256M']
  // Without --sync-on-commit a kill loses writes that were acknowledged.
  const args = [...place, ...storage, '--sync-on-commit', '--log-level', 'WARNING']
  return launch({ command: program, args, log: mongoLog(plan), detached })
}

/** Waits until the server answers `hello` as one that takes writes. @throws EngineError */
export const untilMongoAnswers = (plan: MongoPlan, id: ProcessId): Promise<void> =>
  untilReady({
    what: 'The MongoDB-protocol server',
    hasEnded: () => !isRunning(id),
    log: mongoLog(plan),
    timeoutMs: START_MS,
    ask: () => takesWrites(mongoUrl(plan.port)),
  })

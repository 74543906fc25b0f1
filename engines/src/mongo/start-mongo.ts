import { freePorts } from '../place/free-ports.ts'
import { RECIPES } from '../place/place.ts'
import type { ProcessId } from '../process/identity.ts'
import { kill, stop } from '../process/stop.ts'
import { silent } from '../progress.ts'
import type { Say } from '../progress.ts'
import { mongoProgram } from './kit.ts'
import { launchMongo, mongoUrl, untilMongoAnswers } from './server.ts'

/** Time that the server gets between SIGTERM and SIGKILL, in milliseconds; it takes 3 to 7 s. */
export const MONGO_GRACE_MS = 30_000

/** A MongoDB-protocol server of this process: it ends when this process ends. */
export type RunningMongo = {
  /** Connection string. */
  readonly url: string
  /** Port on 127.0.0.1; the same for ever. */
  readonly port: number
  /** Process of now; another one after a start. */
  readonly pid: number
  /** SIGKILL, as a crash; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL after 30 s; resolves when the process is gone. */
  stop(): Promise<void>
  /** Starts it again on the same folder; resolves when it takes writes. @throws EngineError */
  start(): Promise<void>
}

/** What to start. */
export type MongoOptions = {
  /** Folder of data and log; one that was used before is taken up again. */
  readonly directory: string
  /** Port on 127.0.0.1; a free one when absent. */
  readonly port?: number
  /** Told what is fetched the first time; nobody is when absent. */
  readonly say?: Say
}

/**
 * Starts a server that speaks MongoDB's protocol (SecantusDB) for a test or a chaos run, without Docker, and resolves
 * when it takes writes.
 *
 * @throws EngineError when Python is missing or SecantusDB can't be fetched; or when it does not start.
 */
export const startMongo = async ({ directory, port, say = silent }: MongoOptions): Promise<RunningMongo> => {
  const program = await mongoProgram(RECIPES, say)
  const plan = { folder: directory, port: port ?? (await freePorts(1))[0] ?? 0 }
  let id: ProcessId = { pid: 0, started: '' }
  const start = async () => {
    id = await launchMongo(plan, program, false)
    await untilMongoAnswers(plan, id)
  }
  const end = async () => void (await stop(id, MONGO_GRACE_MS))
  try {
    await start()
  } catch (thrown) {
    await end()
    throw thrown
  }
  return {
    url: mongoUrl(plan.port),
    port: plan.port,
    get pid() {
      return id.pid
    },
    kill: () => kill(id),
    stop: end,
    start,
  }
}

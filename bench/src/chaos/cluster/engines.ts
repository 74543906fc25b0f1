import { type RunningKafka, type RunningMongo, startKafka, startMongo } from '@commerce-mesh/engines'
import { guard } from '../process/processes.ts'

/** Real engines, which can be taken down and brought back. */
export type EngineCluster = {
  readonly kafka: RunningKafka
  readonly mongo: RunningMongo
  stop(): Promise<void>
}

type Engine = {
  readonly pid: number
  kill(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
}

/** Has an engine ended when this process ends, in whatever way, in each of its lives. */
const guarded = (engine: Engine): void => {
  const { kill, stop, start } = engine
  let release = guard(engine.pid)
  const releasing = (end: () => Promise<void>) => async () => {
    await end()
    release()
  }
  Object.assign(engine, {
    kill: releasing(kill),
    stop: releasing(stop),
    start: async () => {
      await start()
      release = guard(engine.pid)
    },
  })
}

/**
 * Starts Kafka and the server that speaks MongoDB's protocol.
 *
 * @param brokers - 1 or 3.
 * @throws EngineError when one can't be had here.
 */
export const startEngines = async (folder: string, brokers: 1 | 3 = 1): Promise<EngineCluster> => {
  const say = (line: string) => console.error(line)
  const mongo = await startMongo({ directory: `${folder}/mongo`, say })
  guarded(mongo)
  try {
    const kafka = await startKafka({ directory: `${folder}/kafka`, brokers, say })
    kafka.brokers.forEach(guarded)
    return {
      kafka,
      mongo,
      stop: async () => void (await Promise.allSettled([kafka.stop(), mongo.stop()])),
    }
  } catch (thrown) {
    await mongo.stop()
    throw thrown
  }
}

import type { Engine, EngineName } from './engine.ts'
import { jaegerEngine } from './jaeger.ts'
import { kafkaEngine } from './kafka.ts'
import { mongoEngine } from './mongo.ts'

/** Every engine, in the order in which they are started and shown. */
export const ENGINES: readonly Engine[] = [kafkaEngine, mongoEngine, jaegerEngine]

/** What is started where nothing is named. */
export const USUAL: readonly EngineName[] = ['kafka', 'mongo']

/** The engine of a name. */
export const engineOf = (name: EngineName): Engine => {
  const found = ENGINES.find((engine) => engine.name === name)
  if (found === undefined) throw new Error(`There is no engine ${name}.`)
  return found
}

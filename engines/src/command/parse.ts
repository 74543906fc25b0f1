import { parseArgs } from 'node:util'
import type { EngineName } from '../engine/engine.ts'
import { ENGINES } from '../engine/engines.ts'
import { EngineError } from '../engine-error.ts'

/** What was typed. */
export type CommandLine = {
  readonly verb: 'up' | 'down' | 'status' | 'help'
  /** Engines that were named; none: the usual ones, or all that run. */
  readonly names: readonly EngineName[]
  readonly brokers: number | undefined
  readonly fresh: boolean
}

const VERBS = ['up', 'down', 'status', 'help'] as const

const MAX_BROKERS = 5

const usage = (happened: string, action = '`npm run engines -- help` shows what there is.'): EngineError =>
  new EngineError(happened, action, { exitCode: 2 })

const nameOf = (typed: string): EngineName => {
  if (typed === 'rabbitmq')
    throw usage(
      'RabbitMQ comes with the legacy bridge, which is not part of this release.',
      'Nothing of this release needs it: leave it out.',
    )
  const found = ENGINES.find(({ name, composeService }) => name === typed || composeService === typed)
  if (found === undefined)
    throw usage(
      `There is no engine \`${typed}\`.`,
      `There are ${ENGINES.map(({ name }) => name).join(', ')}.`,
    )
  return found.name
}

const brokersOf = (typed: string | undefined): number | undefined => {
  if (typed === undefined) return undefined
  const count = Number(typed)
  if (!Number.isInteger(count) || count < 1 || count > MAX_BROKERS)
    throw usage(`--brokers ${typed} is no number from 1 to ${MAX_BROKERS}.`, '3 is the usual cluster.')
  return count
}

/** Reads a command line. @throws EngineError, exit code 2 */
export const parseCommandLine = (argv: readonly string[]): CommandLine => {
  let parsed
  try {
    const options = {
      brokers: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    } as const
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (thrown) {
    throw usage(Error.isError(thrown) ? thrown.message : String(thrown))
  }
  const { values, positionals } = parsed
  const [typed = 'help', ...names] = positionals
  const verb = values.help ? 'help' : VERBS.find((known) => known === typed)
  if (verb === undefined) throw usage(`There is no command \`${typed}\`.`)
  const line = { verb, names: names.map(nameOf), brokers: brokersOf(values.brokers), fresh: values.fresh }
  if (verb !== 'up' && verb !== 'help' && (line.fresh || line.brokers !== undefined))
    throw usage('--fresh and --brokers belong to `up`.')
  if (line.brokers !== undefined && line.names.length > 0 && !line.names.includes('kafka'))
    throw usage('--brokers is the number of Kafka brokers, and kafka is not among the names.')
  return line
}

/** What `help` prints. */
export const HELP = `Real engines for development and tests, on loopback, under .engines/ (which git ignores).

  npm run engines -- up [kafka] [mongo] [jaeger]    start them; without names kafka and mongo
  npm run engines -- status                         what runs, where, since when
  npm run engines -- down [NAMES]                   stop what was started; the data stays

  --fresh          up: begin with empty data
  --brokers 3      up: a cluster of three brokers, for tests of broker failures
  MESH_ENGINES     docker: only with Docker; recipe: only without. Otherwise Docker where it works.

Without Docker: Kafka from Maven Central (needs Java 17 and Maven), a server that speaks MongoDB's protocol from
PyPI (needs Python 3.11), Jaeger built with Go (once, 10 to 20 minutes). With Docker: the images of docker-compose.yml.`

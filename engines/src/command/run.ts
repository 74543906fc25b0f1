import { USUAL } from '../engine/engines.ts'
import { EngineError } from '../engine-error.ts'
import { developmentPlace } from '../place/place.ts'
import type { Place } from '../place/place.ts'
import type { Say } from '../progress.ts'
import { withLock } from '../state/lock.ts'
import { readState } from '../state/state.ts'
import { alivenessOf } from './alive.ts'
import { demandedWay } from './choose-way.ts'
import { down } from './down.ts'
import { HELP, parseCommandLine } from './parse.ts'
import { statusLines, upLines } from './render.ts'
import { up } from './up.ts'

/** Where a command says things. */
export type Terminal = {
  /** The result. */
  readonly out: Say
  /** Progress and errors. */
  readonly note: Say
  readonly env: Readonly<Record<string, string | undefined>>
}

const status = async (place: Place, out: Say): Promise<void> => {
  const running = Object.entries(readState(place.home).running)
  if (running.length === 0) out('Nothing runs here. `npm run engines -- up` starts Kafka and MongoDB.')
  for (const [name, record] of running)
    for (const line of statusLines(name, record, await alivenessOf(record), new Date())) out(line)
}

const runCommand = async (argv: readonly string[], { out, note, env }: Terminal): Promise<void> => {
  const { verb, names, brokers, fresh } = parseCommandLine(argv)
  const place = developmentPlace(env)
  const waiting = (pid: number) => note(`Process ${pid} starts or stops engines; waiting for it …`)
  switch (verb) {
    case 'help':
      return out(HELP)
    case 'status':
      return status(place, out)
    case 'down':
      return withLock(place.home, waiting, () => down(place, names, out))
    case 'up': {
      const demanded = demandedWay(env)
      const wanted = names.length === 0 ? USUAL : [...new Set(names)]
      const options = { place, names: wanted, demanded, brokers, fresh, ownPorts: false, say: note }
      const ups = await withLock(place.home, waiting, () => up(options))
      for (const line of ups.flatMap(upLines)) out(line)
    }
  }
}

/** Runs one command line. Resolves with the exit code; errors are printed. */
export const runEngines = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  try {
    await runCommand(argv, terminal)
    return 0
  } catch (thrown) {
    return describe(thrown, terminal.note)
  }
}

/** Prints what went wrong, for a person. @returns the exit code @throws what is no EngineError: a fault of ours */
export const describe = (thrown: unknown, note: Say): number => {
  if (!(thrown instanceof EngineError)) throw thrown
  note(thrown.message)
  note(`  ${thrown.action}`)
  return thrown.exitCode
}

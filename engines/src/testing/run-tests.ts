import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { demandedWay } from '../command/choose-way.ts'
import { down } from '../command/down.ts'
import type { Terminal } from '../command/run.ts'
import { up } from '../command/up.ts'
import type { Up } from '../command/up.ts'
import { engineOf } from '../engine/engines.ts'
import { repository, testPlace } from '../place/place.ts'
import { REGISTER } from '../process/launch.ts'
import { silent } from '../progress.ts'
import { withLock } from '../state/lock.ts'
import { listenForInterruption } from './interruption.ts'
import type { Interruption } from './interruption.ts'
import { endLeftovers } from './leftovers.ts'
import { jestArguments } from './kinds.ts'
import type { Kind } from './kinds.ts'

/** What a shell says of a command that was interrupted. */
const INTERRUPTED = 130

/** Runs Jest to its end. */
const runJest = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  interruption: Interruption,
): Promise<number> => {
  if (interruption.wished()) return INTERRUPTED
  const options = { cwd: repository, stdio: 'inherit', env: { ...process.env, ...env } } as const
  const child = spawn(process.execPath, args, options)
  interruption.passTo(child)
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? INTERRUPTED
}

const clean = (): void => rmSync(path.join(testPlace.home, 'data'), { recursive: true, force: true })

const environmentOf = (ups: readonly Up[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...ups.map(({ name, record }) => engineOf(name).testEnvironment(record.addresses)))

/**
 * Brings up the engines of a kind, empty and on ports of their own, runs its tests against them, and takes them down
 * again. Engines of `npm run engines` are not touched.
 *
 * @param rest - added to Jest's command line.
 * @returns Jest's exit code.
 * @throws EngineError when an engine can't be had: nothing is tested then.
 */
export const runTests = async (kind: Kind, rest: readonly string[], terminal: Terminal): Promise<number> => {
  const demanded = demandedWay(terminal.env)
  const register = path.join(testPlace.home, 'started.jsonl')
  const waiting = (pid: number) => terminal.note(`Process ${pid} runs these tests already; waiting for it …`)
  return withLock(testPlace.home, waiting, async () => {
    const interruption = listenForInterruption()
    // What a killed run left behind, processes and files.
    await endLeftovers(register)
    await down(testPlace, [], silent)
    clean()
    let failed = true
    try {
      const shared = { place: testPlace, demanded, brokers: undefined, fresh: true, ownPorts: true }
      const ups = await up({ ...shared, names: kind.engines, say: terminal.note })
      for (const { name, readyMs } of ups)
        terminal.note(`${name}: ready after ${(readyMs / 1_000).toFixed(1)} s`)
      const code = await runJest(
        jestArguments(kind, rest),
        { ...environmentOf(ups), [REGISTER]: register },
        interruption,
      )
      failed = code !== 0
      return code
    } finally {
      await down(testPlace, [], silent)
      const left = await endLeftovers(register)
      // The logs of a failure are worth having.
      if (!failed) clean()
      if (left > 0) terminal.note(`${left} engines that tests had started and not stopped were ended.`)
      interruption.off()
    }
  })
}

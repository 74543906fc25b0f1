import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EngineError } from '../engine-error.ts'
import { lastLines, run } from '../process/run.ts'
import { withProgress } from '../progress.ts'
import type { Say } from '../progress.ts'
import { demand } from '../recipe/recipe.ts'
import { findPython } from '../recipe/tools.ts'
import { withLock } from '../state/lock.ts'

/** What results measured on it must be called: it speaks MongoDB's protocol, but it is not MongoDB. */
export const MONGO_LABEL = 'MongoDB protocol (SecantusDB)'

const requirements = path.join(import.meta.dirname, 'requirements.txt')

const install = async (python: string, folder: string): Promise<void> => {
  rmSync(folder, { recursive: true, force: true })
  const made = await run(python, ['-m', 'venv', folder])
  const pip = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '-r', requirements]
  const ran = made.ok ? await run(path.join(folder, 'bin', 'python'), pip) : made
  if (!ran.ok)
    throw new EngineError(
      `pip could not fetch SecantusDB:\n${lastLines(ran.output)}`,
      'Check the network, and behind a proxy or mirror pip’s settings (`pip config list`); then run the command again.',
      { exitCode: 3 },
    )
}

/** The `secantusd-py` program, in a virtual environment of its own that is made the first time. @throws EngineError */
export const mongoProgram = async (recipes: string, say: Say): Promise<string> => {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8)
  const folder = path.join(recipes, 'mongo', version)
  const program = path.join(folder, 'bin', 'secantusd-py')
  // A virtual environment names its own path, so it can't be made elsewhere and moved here when it is whole.
  const whole = path.join(folder, 'whole')
  if (existsSync(whole)) return program
  const [python] = demand('A MongoDB-protocol server', [await findPython()])
  const waiting = (pid: number) => say(`Process ${pid} fetches SecantusDB already; waiting for it …`)
  return withLock(path.dirname(folder), waiting, async () => {
    if (existsSync(whole)) return program
    const line = {
      doing: 'Fetching SecantusDB, a server that speaks MongoDB’s protocol, with pip (145 MB)',
      takes: 'once, up to two minutes',
      done: 'Fetched',
    }
    await withProgress(say, line, () => install(python?.command ?? '', folder))
    writeFileSync(whole, '')
    return program
  })
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const MAIN = path.resolve(import.meta.dirname, '../../../packages/cli/src/main.ts')

/** Says at its end how much memory a process had at most, in KiB. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>console.error(`peak ${process.resourceUsage().maxRSS}`))'

/** How a command of the mesh ended. */
export type Ended = {
  readonly code: number
  readonly err: string
  /** From the start of the process to its end. */
  readonly ms: number
  readonly peakMb: number
}

/** Runs `mesh WORDS`, with what it prints in the file `output`. */
export const runMesh = async (words: readonly string[], output: string, cwd: string): Promise<Ended> => {
  const started = performance.now()
  const out = fs.openSync(output, 'w')
  const child = spawn(process.execPath, ['--import', TELL_MEMORY, MAIN, ...words], {
    cwd,
    stdio: ['ignore', out, 'pipe'],
  })
  fs.closeSync(out)
  const said = child.stderr === null ? '' : text(child.stderr)
  const [err, [code]] = await Promise.all([said, once(child, 'close') as Promise<[number]>])
  return {
    code,
    err,
    ms: performance.now() - started,
    peakMb: Number(/^peak (\d+)$/m.exec(err)?.[1]) / 1_024,
  }
}

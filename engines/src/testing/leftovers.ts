import { existsSync, readFileSync, rmSync } from 'node:fs'
import { isRunning } from '../process/identity.ts'
import type { ProcessId } from '../process/identity.ts'
import { kill } from '../process/stop.ts'

const registered = (file: string): readonly ProcessId[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ProcessId)
    : []

/** Kills what tests started and did not end, by the register that `launch` keeps. @returns how many there were */
export const endLeftovers = async (file: string): Promise<number> => {
  const alive = registered(file).filter(isRunning)
  await Promise.all(alive.map(kill))
  rmSync(file, { force: true })
  return alive.length
}

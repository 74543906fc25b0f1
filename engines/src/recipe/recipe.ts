import { EngineError } from '../engine-error.ts'
import type { Looked, Missing, Tool } from './tools.ts'

/** What to say where an engine can't run because programs are missing. */
const lacking = (engine: string, missing: readonly Missing[]): EngineError =>
  new EngineError(
    `${engine} can’t run here without Docker: ${missing.map(({ what }) => what).join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    [
      ...missing.map(({ what, how }) => `Install ${what}: ${how}.`),
      'Or start Docker, with the images of docker-compose.yml.',
    ].join('\n  '),
    { exitCode: 3 },
  )

/** The programs that were found. @throws EngineError, exit code 3, naming every one that is missing and how to get it */
export const demand = (engine: string, looked: readonly Looked[]): readonly Tool[] => {
  const missing = looked.flatMap((found) => ('missing' in found ? [found.missing] : []))
  if (missing.length > 0) throw lacking(engine, missing)
  return looked.flatMap((found) => ('tool' in found ? [found.tool] : []))
}

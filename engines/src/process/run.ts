import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a program ended. */
export type Ran = {
  /** Whether it ended with 0. */
  readonly ok: boolean
  /** What it printed, on both streams. */
  readonly output: string
}

/**
 * Runs a program to its end. One that does not exist counts as one that failed.
 *
 * @param timeoutMs - time after which it is killed, in milliseconds; 20 minutes when absent.
 */
export const run = async (
  command: string,
  args: readonly string[],
  {
    cwd,
    env = {},
    timeoutMs = 1_200_000,
  }: { cwd?: string; env?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<Ran> => {
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { ok: code === 0, output: Buffer.concat(chunks).toString() }
  } catch (thrown) {
    return { ok: false, output: Error.isError(thrown) ? thrown.message : String(thrown) }
  }
}

/** The last lines of what a program printed, indented, for an error message. */
export const lastLines = (output: string, count = 12): string =>
  output
    .trim()
    .split('\n')
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n')

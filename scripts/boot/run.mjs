import { spawn } from 'node:child_process'
import path from 'node:path'
import { BootError } from './sentence.mjs'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Scripts are named from the root of the repository, wherever the command was typed. */
const fromRoot = (root, args) => {
  const at = args.findIndex((arg) => !arg.startsWith('-'))
  return args.map((arg, index) => (index === at ? path.resolve(root, arg) : arg))
}

/**
 * Our own programs are TypeScript that Node strips at each start; keeping what it compiled saves a third of a second and 30 MB.
 * The launcher `mesh` and packages/cli/src/main.ts name the same place.
 */
const compileCache = (root, command) =>
  command.some((arg) => arg.endsWith('.ts'))
    ? {
        NODE_COMPILE_CACHE:
          process.env['NODE_COMPILE_CACHE'] ?? path.join(root, 'node_modules', '.cache', 'mesh'),
      }
    : {}

const environment = (root, node, command) => ({
  ...process.env,
  ...compileCache(root, command),
  TURBO_TELEMETRY_DISABLED: '1',
  PATH: [path.dirname(node), path.join(root, 'node_modules', '.bin'), process.env['PATH']].join(
    path.delimiter,
  ),
})

/** Goes on as `node ARGS…` in the caller's working directory; this process ends as that one does. */
export const run = (root, node, args) => {
  if (args.length === 0)
    throw new BootError('There is nothing to run.', 'node scripts/boot.mjs SCRIPT ARGS…', 2)
  const command = fromRoot(root, args)
  const env = environment(root, node, command)
  // Becoming the other process leaves no parent behind that signals and exit codes have to pass through.
  if (process.execve !== undefined && process.platform !== 'win32')
    process.execve(node, [node, ...command], env)
  const child = spawn(node, command, { stdio: 'inherit', env })
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`${node} can’t be started: ${error.message}\n`)
    process.exit(3)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

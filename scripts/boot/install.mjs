import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { withLock } from './lock.mjs'
import { checkNode, findNode } from './node.mjs'
import { BootError, installFailure, isPassing } from './sentence.mjs'
import { isInstalled, readStamp, writeStamp } from './stamp.mjs'

const FLAGS = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
]

const say = (sentence) => process.stderr.write(`${sentence}\n`)

/** npm tells its scripts about themselves; another npm below would take that for settings of its own. */
const cleanEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|config_(local_prefix|prefix|global_prefix))/i.test(name),
    ),
  )

const npmCommand = () => {
  const script = process.env['npm_execpath']
  if (script && script.endsWith('npm-cli.js') && fs.existsSync(script))
    return [process.execPath, [script, ...FLAGS], false]
  return ['npm', FLAGS, process.platform === 'win32']
}

const npmMissing = () =>
  new BootError(
    'The dependencies are not installed yet, and there is no `npm` on the PATH to install them.',
    'Install npm (it comes with Node, https://nodejs.org) and run the command again.',
  )

const npmCi = (root) =>
  new Promise((resolve, reject) => {
    const [command, args, shell] = npmCommand()
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(),
      shell,
    })
    const output = []
    const stop = (signal) => {
      child.kill(signal)
      child.once('close', () => process.exit(130))
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
    child.once('error', (error) => reject(error.code === 'ENOENT' ? npmMissing() : error))
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop)
      resolve({ ok: code === 0, output: Buffer.concat(output).toString() })
    })
  })

const showProgress = () => {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  say('Installing the dependencies (npm ci); the first time this takes about half a minute …')
  const line = process.stderr.isTTY
    ? () => process.stderr.write(`\r  ${seconds()} s `)
    : () => say(`  still installing, ${seconds()} s`)
  const timer = setInterval(line, process.stderr.isTTY ? 1_000 : 30_000)
  return (done) => {
    clearInterval(timer)
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
    if (done) say(`Installed in ${seconds()} s.`)
  }
}

const install = async (root) => {
  const finish = showProgress()
  let attempt = await npmCi(root)
  if (!attempt.ok && isPassing(attempt.output)) attempt = await npmCi(root)
  finish(attempt.ok)
  if (!attempt.ok) throw installFailure(attempt.output)
}

/** Makes sure that what the lockfile says is installed. Resolves with the Node to run under. */
export const ensureInstalled = async (root) => {
  const known = readStamp(root)
  if (known !== undefined) return known
  checkNode(root)
  if (!fs.existsSync(path.join(root, 'package-lock.json')))
    throw new BootError(`There is no package-lock.json in ${root}.`, 'Clone the repository again.')
  const waiting = (pid) =>
    say(`Another command (process ${pid}) is installing the dependencies; waiting for it …`)
  return withLock(root, waiting, async () => {
    const meanwhile = readStamp(root)
    if (meanwhile !== undefined) return meanwhile
    if (!isInstalled(root)) await install(root)
    const node = findNode(root)
    writeStamp(root, node)
    return node
  })
}

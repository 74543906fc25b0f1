#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import path from 'node:path'

// An installed package carries what it names; in a clone that is at the root.
const isInstalled = import.meta.filename.endsWith('.js')
const root = path.resolve(import.meta.dirname, isInstalled ? '..' : '../../..')
const modules = isInstalled ? path.resolve(root, '../..') : path.join(root, 'node_modules')

// Stripping types and compiling is most of what a short command costs. The launchers say so by NODE_COMPILE_CACHE already, which
// counts for worker threads too; this is for whoever runs this file directly. Where the place can't be written nothing is kept.
enableCompileCache(path.join(modules, '.cache', 'mesh'))

// A reader that has seen enough (`mesh trace … | head`) closes the pipe: no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const { run } = await import('./run.ts')
const { processTerminal } = await import('./terminal/terminal.ts')

process.exitCode = await run(process.argv.slice(2), processTerminal(root))

// Nothing of ours runs any more but what is still to be printed. What a plugin has left running, a timer or a socket, keeps no
// command from ending.
const LEFT_OVER_MS = 500
const leave = (): void => {
  if (process.stdout.writableLength === 0) process.exit()
  setTimeout(leave, LEFT_OVER_MS).unref()
}
setTimeout(leave, LEFT_OVER_MS).unref()

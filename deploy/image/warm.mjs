// Run while the image is built: loads everything once, so that Node's compile cache holds it and no start has to strip
// types again. What fails here costs nothing but its place in the cache.
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

const PATIENCE_MS = 60_000
const root = path.resolve(import.meta.dirname, '../..')
const cache = path.join(root, 'node_modules/.cache/mesh')

/** Runs a mesh with its sandbox LMS until it says that it is up; then it is asked to stop, which writes the cache. */
const demo = () =>
  new Promise((resolve) => {
    const data = mkdtempSync(path.join(tmpdir(), 'warm-'))
    const args = ['up', '--demo', '--data', data, '--port', '0', '--lms-port', '0']
    const mesh = spawn(process.execPath, ['packages/cli/src/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const timer = setTimeout(() => mesh.kill('SIGKILL'), PATIENCE_MS)
    mesh.stdout.on('data', (text) => {
      if (/Ctrl-C stops it/.test(text)) mesh.kill('SIGTERM')
    })
    mesh.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })

await demo()

// What is only loaded when it is needed, the engines of the distributed shape above all.
enableCompileCache(cache)
const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: root }).map((file) =>
  path.join(root, file),
)
const lazy = sources.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/import\('(\.[^']+)'\)/g)].map(([, module]) =>
    path.resolve(path.dirname(file), module),
  ),
)
// Not the one that hooks itself into every import after it.
for (const module of lazy.filter((file) => !file.endsWith('/preload.ts')))
  await import(module).catch(() => {})
flushCompileCache()
process.exit(0)

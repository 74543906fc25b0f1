import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EngineError } from '../engine-error.ts'
import { lastLines, run } from '../process/run.ts'
import { withProgress } from '../progress.ts'
import type { Say } from '../progress.ts'
import { demand } from '../recipe/recipe.ts'
import { findGo } from '../recipe/tools.ts'

/** Release that is built. The module path carries the old numbers; this one is Jaeger 2.13.0. */
export const JAEGER_VERSION = 'v1.76.0'

const MODULE = 'github.com/jaegertracing/jaeger'

const go = async (args: readonly string[], cwd: string): Promise<string> => {
  const env = { CGO_ENABLED: '0', GOWORK: 'off' }
  const { ok, output } = await run('go', args, { cwd, env, timeoutMs: 3_600_000 })
  if (ok) return output
  throw new EngineError(
    `\`go ${args[0]} ${args[1]}\` failed:\n${lastLines(output)}`,
    'Check the network and the Go module proxy (`go env GOPROXY`), then run the command again; what was fetched stays.',
    { exitCode: 3 },
  )
}

// `go install MODULE@VERSION` refuses modules with replace directives, so a module of our own takes over theirs.
const scratchModule = async (folder: string): Promise<void> => {
  const download = await go(['mod', 'download', '-json', `${MODULE}@${JAEGER_VERSION}`], folder)
  const source = /"Dir": "([^"]+)"/.exec(download)?.[1] ?? ''
  const theirs = readFileSync(path.join(source, 'go.mod'), 'utf8')
  writeFileSync(path.join(folder, 'go.mod'), theirs.replace(/^module .*$/m, 'module jaeger-build'))
  copyFileSync(path.join(source, 'go.sum'), path.join(folder, 'go.sum'))
  const tools = `//go:build tools\n\npackage tools\n\nimport _ "${MODULE}/cmd/jaeger"\n`
  writeFileSync(path.join(folder, 'tools.go'), tools)
  await go(['mod', 'edit', `-require=${MODULE}@${JAEGER_VERSION}`], folder)
  await go(['mod', 'download', MODULE], folder)
}

/** The Jaeger program, built from the Go module proxy the first time. @throws EngineError */
export const jaegerProgram = async (recipes: string, say: Say): Promise<string> => {
  const folder = path.join(recipes, 'jaeger')
  const program = path.join(folder, `jaeger-${JAEGER_VERSION}`)
  if (existsSync(program)) return program
  demand('Jaeger', [await findGo()])
  const line = {
    doing: `Building Jaeger ${JAEGER_VERSION} with Go (fetches 2 GB of sources)`,
    takes: 'once, 10 to 20 minutes on two cores',
    done: 'Built',
  }
  return withProgress(say, line, async () => {
    const work = path.join(folder, 'build')
    rmSync(work, { recursive: true, force: true })
    mkdirSync(work, { recursive: true })
    await scratchModule(work)
    const draft = path.join(work, 'jaeger')
    await go(['build', '-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', draft, `${MODULE}/cmd/jaeger`], work)
    renameSync(draft, program)
    rmSync(work, { recursive: true, force: true })
    return program
  })
}

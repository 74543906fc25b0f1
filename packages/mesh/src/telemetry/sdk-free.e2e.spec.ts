import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from '@jest/globals'
import { temporaryDirectories } from '../sqlite/temp-directory.fixture.ts'

const directories = temporaryDirectories()
afterEach(() => directories.remove())

const PROGRAM = `
import { registerHooks } from 'node:module'
const loaded = []
registerHooks({
  load: (url, context, next) => {
    if (url.includes('/@opentelemetry/')) loaded.push(url.replace(/.*@opentelemetry\\//, ''))
    return next(url, context)
  },
})
const [index, data, endpoint] = process.argv.slice(1)
const { defaultConfig, startMesh } = await import(index)
const config = { ...defaultConfig(), data, log: { level: 'silent' } }
if (endpoint) config.telemetry = { ...config.telemetry, endpoint }
const mesh = await startMesh({ config, services: [] })
await mesh.stop()
console.log(JSON.stringify(loaded))
`

const loadedBy = async (...endpoint: string[]): Promise<string[]> => {
  const index = path.resolve(import.meta.dirname, '../index.ts')
  const args = ['--input-type=module', '-e', PROGRAM, index, directories.make(), ...endpoint]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as string[]
}

describe('a process that runs a mesh', () => {
  it('loads nothing of the SDK where no endpoint is configured', async () => {
    // The API is prom-client's, for exemplars.
    expect((await loadedBy()).filter((file) => !file.startsWith('api/'))).toEqual([])
  })

  it('loads the SDK where one is, without any instrumentation', async () => {
    const loaded = await loadedBy('http://127.0.0.1:9')
    expect(loaded.some((file) => file.startsWith('sdk-trace/'))).toBe(true)
    expect(loaded.filter((file) => /^(instrumentation|auto-instrumentations|sdk-node)/.test(file))).toEqual(
      [],
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Modules whose path has this in it, loaded by a process that imports a file. */
const loadedBy = async (file: string, part: string): Promise<string> => {
  const script = `
    import { createRequire } from 'node:module'
    await import(${JSON.stringify(new URL(file, import.meta.url).href)})
    const { cache } = createRequire(import.meta.url)
    console.log(Object.keys(cache).filter((name) => name.includes(${JSON.stringify(part)})).length)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script])
  return stdout.trim()
}

describe('a mesh on its embedded engine', () => {
  it('starts without loading kafkajs', async () => {
    expect(await loadedBy('../../index.ts', '/kafkajs/')).toBe('0')
  })

  it('control: the Kafka driver does load it', async () => {
    expect(Number(await loadedBy('./kafka-bus.ts', '/kafkajs/'))).toBeGreaterThan(100)
  })
})

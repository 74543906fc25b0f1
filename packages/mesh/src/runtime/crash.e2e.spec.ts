import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { FAILPOINTS, type FailpointName } from '../failpoint/failpoint.ts'
import { createSlots } from '../flow/slots.ts'
import { temporaryDirectories } from '../sqlite/temp-directory.fixture.ts'
import type { CrashReport } from './crash-child.fixture.ts'

const directories = temporaryDirectories()
const program = fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url))

// Two dozen processes load the same modules.
const compileCache = directories.make()

/** Runs the small mesh in a process of its own. */
const run = async (data: string, acknowledged: readonly string[], failpoints: string) => {
  const child = spawn(process.execPath, [program, data, acknowledged.join(',')], {
    env: { ...process.env, MESH_FAILPOINTS: failpoints, NODE_OPTIONS: '', NODE_COMPILE_CACHE: compileCache },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [printed, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  const lines = printed.trim().split('\n')
  const accepted = lines
    .filter((line) => line.startsWith('accepted '))
    .map((line) => line.slice('accepted '.length))
  return {
    accepted,
    last: lines.at(-1) ?? '',
    code: code as number | null,
    signal: signal as string | null,
    errors,
  }
}

/** Which pass kills: late enough to fall into the middle of the work. */
const PASSES: Partial<Record<FailpointName, number>> = {
  'engine.before-commit': 8,
  'engine.after-commit': 9,
  'publish.before': 3,
  'publish.after': 3,
  'handler.before': 2,
  'handler.after': 3,
  'aggregate.after-put': 2,
  'outbox.published': 2,
}

type Crash = { killed: string | null; accepted: string[]; report: CrashReport }

/** Crashes a mesh at a failpoint, starts it again on the same data, and lets it come to rest. */
const crashAt = async (name: FailpointName): Promise<Crash> => {
  const data = directories.make()
  const crashed = await run(data, [], `${name}:${PASSES[name] ?? 1}`)
  const again = await run(data, crashed.accepted, '')
  if (again.code !== 0) throw new Error(`The second run after ${name} failed: ${again.errors}`)
  return { killed: crashed.signal, accepted: crashed.accepted, report: JSON.parse(again.last) as CrashReport }
}

const crashes = new Map<FailpointName, Promise<Crash>>()
const crashOf = (name: FailpointName) => crashes.get(name) ?? Promise.reject(new Error(`no crash at ${name}`))

beforeAll(() => {
  const slots = createSlots(3)
  for (const name of FAILPOINTS) {
    const crash = slots.run(() => crashAt(name))
    // Each test tells of its own.
    crash.catch(() => undefined)
    crashes.set(name, crash)
  }
})

afterAll(async () => {
  await Promise.allSettled(crashes.values())
  directories.remove()
})

describe('a process killed at a durable boundary and started again', () => {
  it.each(FAILPOINTS)('has lost nothing and done nothing twice: %s', async (name) => {
    const { killed, report } = await crashOf(name)
    expect(killed).toBe('SIGKILL')
    const handled = ['P-1', 'P-2', 'P-3', 'P-5'].map((parcel) => ({ parcel, packed: 1, shipped: 1 }))
    expect(report.states).toEqual(expect.arrayContaining(handled))
    expect(report.packedEvents).toBe(4)
    expect(report.letters.filter((letter) => letter === 'permanent P-4')).toHaveLength(1)
    expect(new Set(report.letters)).toEqual(new Set(['permanent P-4', 'poison P-0']))
    expect(report.drift).toBe(0)
  })

  it('had taken orders before, and had told of them', async () => {
    const accepted = await Promise.all(FAILPOINTS.map(async (name) => (await crashOf(name)).accepted.length))
    expect(Math.max(...accepted)).toBeGreaterThan(2)
  })
})

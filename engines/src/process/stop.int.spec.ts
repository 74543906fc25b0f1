import { afterEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '@commerce-mesh/testing'
import { endLeftovers } from '../testing/leftovers.ts'
import { isRunning } from './identity.ts'
import { launch, REGISTER } from './launch.ts'
import { kill, stop } from './stop.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'mesh-engines-'))
const started: Awaited<ReturnType<typeof launch>>[] = []

const server = async (name: string, source: string) => {
  const log = path.join(folder, `${name}.log`)
  const id = await launch({
    command: process.execPath,
    args: ['-e', `${source}; console.log('up'); setInterval(() => {}, 1000)`],
    log,
    detached: false,
  })
  started.push(id)
  await eventually(() => readFileSync(log, 'utf8').includes('up'), { what: `${name} is up` })
  return id
}

afterEach(async () => {
  await Promise.all(started.splice(0).map(kill))
  rmSync(path.join(folder, 'register'), { force: true })
})

describe('ending a server', () => {
  it('asks first, and waits until it has ended', async () => {
    const id = await server('polite', '')
    expect(isRunning(id)).toBe(true)
    expect(await stop(id, 10_000)).toBe('stopped')
    expect(isRunning(id)).toBe(false)
    expect(await stop(id, 10_000)).toBe('gone')
  })

  it('kills one that does not listen', async () => {
    const id = await server('deaf', "process.on('SIGTERM', () => {})")
    expect(await stop(id, 200)).toBe('killed')
    expect(isRunning(id)).toBe(false)
  })

  it('leaves alone who has the pid of one that has ended', async () => {
    const other = await server('other', '')
    const noted = { pid: other.pid, started: 'another start' }
    expect(await stop(noted, 1_000)).toBe('gone')
    await kill(noted)
    expect(isRunning(other)).toBe(true)
  })

  it('says where to look when a server can’t be started', async () => {
    const log = path.join(folder, 'absent.log')
    const attempt = launch({ command: '/nonexistent/java', args: [], log, detached: false })
    await expect(attempt).rejects.toMatchObject({
      message: 'java can’t be started.',
      action: `Look into ${log}.`,
    })
  })

  it('ends what a test run left behind, by its register', async () => {
    const register = path.join(folder, 'register')
    process.env[REGISTER] = register
    try {
      const left = await server('left', '')
      await stop(await server('ended', ''), 10_000)
      expect(await endLeftovers(register)).toBe(1)
      expect(isRunning(left)).toBe(false)
      expect(await endLeftovers(register)).toBe(0)
    } finally {
      delete process.env[REGISTER]
    }
  })
})

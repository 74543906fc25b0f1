import { describe, expect, it } from '@jest/globals'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gate, turns } from '@commerce-mesh/testing'
import { withLock } from './lock.ts'

const newFolder = () => mkdtempSync(path.join(tmpdir(), 'mesh-lock-'))
const nobodyWaits = (pid: number) => {
  throw new Error(`waited for ${pid}`)
}

describe('withLock', () => {
  it('lets one after the other in, and tells once who is waited for', async () => {
    const folder = newFolder()
    const busy = gate()
    const order: string[] = []
    const told: number[] = []
    const first = withLock(folder, nobodyWaits, async () => {
      await busy.opened
      order.push('first')
    })
    await turns(3)
    const second = withLock(
      folder,
      (pid) => told.push(pid),
      async () => void order.push('second'),
    )
    await turns(3)
    expect(order).toEqual([])
    busy.open()
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
    expect(told).toEqual([process.pid])
    expect(existsSync(path.join(folder, 'lock'))).toBe(false)
  })

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, started: 'x' }],
    ['an earlier process with the pid of this one', { pid: process.pid, started: 'earlier' }],
  ])('takes over the lock of %s', async (_who, holder) => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'lock'), JSON.stringify(holder))
    expect(await withLock(folder, nobodyWaits, () => Promise.resolve('done'))).toBe('done')
  })

  it('is let go when the work fails', async () => {
    const folder = newFolder()
    await expect(withLock(folder, nobodyWaits, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withLock(folder, nobodyWaits, () => Promise.resolve(1))).toBe(1)
  })
})

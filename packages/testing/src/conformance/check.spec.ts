import { describe, expect, it } from '@jest/globals'
import { register, type Behaviour, type TestRunner } from './check.ts'

/** A runner that notes what is registered. */
const notingRunner = () => {
  const notes: string[] = []
  const bodies = new Map<string, () => Promise<void>>()
  const runner: TestRunner = {
    describe: (name, body) => {
      notes.push(`describe ${name}`)
      body()
    },
    it: Object.assign(
      (name: string, body: () => Promise<void>, timeoutMs?: number) => {
        notes.push(`it ${name} ${timeoutMs}`)
        bodies.set(name, body)
      },
      { skip: (name: string) => notes.push(`skip ${name}`) },
    ),
  }
  return { runner, notes, bodies }
}

const behaviours: Behaviour<string>[] = [
  {
    behaviour: 'lasts',
    checks: [
      { name: 'a while', run: async () => {} },
      { name: 'for ever', needs: 'reopen', run: async () => {} },
    ],
  },
]

describe('register', () => {
  it('makes a block per behaviour, and shows what it skips', () => {
    const { runner, notes } = notingRunner()
    const registration = { title: 'A driver', behaviours, timeoutMs: 5, run: async () => {} }
    register({ ...registration, canReopen: false }, runner)
    expect(notes).toEqual(['describe A driver', 'describe lasts', 'it a while 5', 'skip for ever'])
    notes.length = 0
    register({ ...registration, canReopen: true }, runner)
    expect(notes).toEqual(['describe A driver', 'describe lasts', 'it a while 5', 'it for ever 5'])
  })

  it('lets a check’s failure reach the runner', async () => {
    const { runner, bodies } = notingRunner()
    const run = async () => {
      throw new Error('broken promise')
    }
    register({ title: 'A driver', behaviours, canReopen: true, timeoutMs: 5, run }, runner)
    await expect(bodies.get('a while')?.()).rejects.toThrow('broken promise')
  })
})

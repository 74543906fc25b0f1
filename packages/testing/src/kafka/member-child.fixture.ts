import type { BusRecord } from '@commerce-mesh/mesh'
import { labelsOf } from './bus.fixture.ts'
import { openMember } from './consumer.fixture.ts'

// A member of a group in a process of its own, which a test may stop and continue. It tells its parent what happens to
// it, and holds every record until its parent lets go; a number from its parent has it stand still for so many
// milliseconds.

/** What the member tells. */
export type Told =
  | { readonly told: 'assigned'; readonly partitions: number }
  /** `at`: when, in milliseconds since the epoch. */
  | {
      readonly told: 'started' | 'aborted' | 'let go'
      readonly label: string
      readonly owns: boolean
      readonly at: number
    }

const [settings = '{}', group = '', topic = ''] = process.argv.slice(2)

const tell = (told: Told) => void process.send?.(told)

const bus = await openMember(JSON.parse(settings) as Parameters<typeof openMember>[0])
const go = Promise.withResolvers<void>()
const held: BusRecord[] = []

const subscription = await bus.subscribe({
  group,
  topics: [topic],
  concurrency: 64,
  handle: async (record, signal) => {
    const [label = ''] = labelsOf([record])
    const say = (told: 'started' | 'aborted' | 'let go') =>
      tell({ told, label, owns: subscription.owns(record), at: Date.now() })
    await Promise.resolve()
    held.push(record)
    say('started')
    signal.addEventListener('abort', () => say('aborted'))
    await go.promise
    say('let go')
  },
})

let partitions = -1
setInterval(() => {
  const now = subscription.assigned().length
  if (now === partitions) return
  partitions = now
  tell({ told: 'assigned', partitions })
}, 20)

/** Stands still as a stopped process does, and looks before anything else gets its turn. */
const block = (ms: number) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  const [record] = held
  if (record === undefined) return
  const [label = ''] = labelsOf([record])
  tell({ told: 'let go', label, owns: subscription.owns(record), at: Date.now() })
}

process.on('message', (message) => (typeof message === 'number' ? block(message) : go.resolve()))
process.on('disconnect', () => process.exit())

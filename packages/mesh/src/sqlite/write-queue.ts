import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { MeshError } from '../errors/mesh-error.ts'
import type { Batch, BatchAnswer, Write, WriteResult } from './protocol.ts'

/** Writes that may wait for the disk; beyond it callers are refused rather than held in memory (promise 9). */
const MAX_QUEUED = 50_000

type Waiter = {
  readonly write: Write
  readonly resolve: (result: WriteResult) => void
  readonly reject: (error: MeshError) => void
}

/** The main thread's end of the writer thread. */
export type Writer = {
  write(write: Write): Promise<WriteResult>
  /** Why nothing could be written last time; undefined while all is well. */
  problem(): string | undefined
  close(): Promise<void>
}

const unavailable = (happened: string, cause?: unknown) =>
  new MeshError('MESH_STORE_UNAVAILABLE', happened, { cause })

/** Puts all record values of a batch one after the other, so that they are transferred and not copied one by one. */
const pack = (writes: readonly Write[]): Batch => {
  const lengths: number[] = []
  const chunks: Uint8Array[] = []
  const bare = writes.map((write): Write => {
    if (write.kind !== 'append') return write
    for (const { value } of write.records) {
      lengths.push(value === null ? -1 : value.length)
      if (value !== null) chunks.push(value)
    }
    return { kind: 'append', records: write.records.map((record) => ({ ...record, value: null })) }
  })
  const values = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0))
  let start = 0
  for (const chunk of chunks) {
    values.set(chunk, start)
    start += chunk.length
  }
  return { writes: bare, values, lengths }
}

/** Schema changes run alone; everything else that is queued goes together. */
const nextBatch = (queue: Waiter[]): Waiter[] => {
  if (queue[0]?.write.kind === 'execute') return queue.splice(0, 1)
  const alone = queue.findIndex((waiter) => waiter.write.kind === 'execute')
  return queue.splice(0, alone === -1 ? queue.length : alone)
}

/** Starts the writer thread for a data file that is up to date. */
export const startWriter = async (file: string): Promise<Writer> => {
  // TypeScript in a clone, JavaScript in an installed package: as this file.
  const program = new URL(`./writer${path.extname(import.meta.filename)}`, import.meta.url)
  const worker = new Worker(program, { workerData: { file }, execArgv: [] })
  const queue: Waiter[] = []
  let running: Waiter[] = []
  let scheduled = false
  let dead: MeshError | undefined
  let failing: MeshError | undefined
  let drained: (() => void) | undefined

  const flush = () => {
    scheduled = false
    if (running.length > 0 || queue.length === 0) return
    running = nextBatch(queue)
    const batch = pack(running.map((waiter) => waiter.write))
    worker.postMessage(batch, [batch.values.buffer as ArrayBuffer])
  }

  const settle = (answer: BatchAnswer) => {
    const finished = running
    failing = 'error' in answer ? unavailable(`The data file can't be written: ${answer.error}.`) : undefined
    running = []
    flush()
    finished.forEach((waiter, index) => {
      if ('error' in answer) waiter.reject(failing ?? unavailable(answer.error))
      else waiter.resolve(answer.results[index] as WriteResult)
    })
    if (running.length === 0 && queue.length === 0) drained?.()
  }

  const die = (happened: string, cause?: unknown) => {
    dead ??= unavailable(happened, cause)
    for (const waiter of [...running.splice(0), ...queue.splice(0)]) waiter.reject(dead)
    drained?.()
  }

  worker.on('message', settle)
  worker.on('error', (cause) => die('The writer thread failed.', cause))
  // Listened for from the start: a worker that died by itself tells nobody again.
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.on('exit', () => die('The data file is closed.'))
  await new Promise<void>((resolve, reject) => {
    worker.once('online', resolve)
    worker.once('error', reject)
  })

  return {
    write: (write) =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead)
        if (queue.length >= MAX_QUEUED)
          return reject(unavailable(`${MAX_QUEUED} writes wait for the disk already.`))
        queue.push({ write, resolve, reject })
        if (scheduled || running.length > 0) return
        scheduled = true
        queueMicrotask(flush)
      }),
    problem: () => (dead ?? failing)?.message,
    close: async () => {
      if (running.length > 0 || queue.length > 0) await new Promise<void>((resolve) => (drained = resolve))
      dead ??= unavailable('The data file is closed.')
      worker.postMessage('close')
      await exited
    },
  }
}

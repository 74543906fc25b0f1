import type { BusRecord } from '../bus/bus.ts'

/** What is to be done with one record, and whom to tell when it is finished. */
export type Task = { readonly record: BusRecord; readonly run: () => Promise<void> }

/** Runs tasks: those of one key one after the other, those of different keys at once, at most `concurrency`. */
export type KeyDispatcher = {
  add(task: Task): void
  /** Takes out what was not started yet and matches. */
  drop(matches: (record: BusRecord) => boolean): void
  /** Added and not finished. */
  size(): number
  /** Resolves when nothing runs (queued tasks may remain). */
  idle(): Promise<void>
}

type Lane = { readonly queue: Task[]; running: boolean }

/** A record without a key has no order to keep: its place makes a lane of its own. */
const laneOf = ({ key, topic, partition, offset }: BusRecord): string =>
  key === null ? `\u0000${topic}/${partition}/${offset}` : key

/**
 * Makes a dispatcher.
 *
 * @param concurrency - keys handled at once, 1 or more.
 * @param onFinish - called after each task, so that the caller can fetch more.
 */
export const createKeyDispatcher = (concurrency: number, onFinish: () => void): KeyDispatcher => {
  const lanes = new Map<string, Lane>()
  let ready: string[] = []
  let readyHead = 0
  let active = 0
  let size = 0
  let waiters: (() => void)[] = []

  const start = () => {
    while (active < concurrency && readyHead < ready.length) {
      const name = ready[readyHead++] as string
      const lane = lanes.get(name)
      // A name may stand here twice after `drop`; a lane that runs already comes back by itself.
      if (lane === undefined || lane.running) continue
      const task = lane.queue.shift()
      if (task === undefined) continue
      lane.running = true
      active++
      // `run` settles its own errors; a rejection here would be a fault of the driver and must not stop the lane.
      void task.run().then(
        () => finish(name, lane),
        () => finish(name, lane),
      )
    }
    if (readyHead > 1024) {
      ready = ready.slice(readyHead)
      readyHead = 0
    }
  }

  const finish = (name: string, lane: Lane) => {
    active--
    size--
    lane.running = false
    if (lane.queue.length > 0) ready.push(name)
    else lanes.delete(name)
    onFinish()
    start()
    if (active > 0) return
    for (const resolve of waiters.splice(0)) resolve()
  }

  return {
    add: (task) => {
      const name = laneOf(task.record)
      const lane = lanes.get(name)
      size++
      if (lane !== undefined) {
        if (!lane.running && lane.queue.length === 0) ready.push(name)
        lane.queue.push(task)
      } else {
        lanes.set(name, { queue: [task], running: false })
        ready.push(name)
      }
      start()
    },
    drop: (matches) => {
      for (const [name, lane] of lanes) {
        const kept = lane.queue.filter((task) => !matches(task.record))
        size -= lane.queue.length - kept.length
        lane.queue.splice(0, lane.queue.length, ...kept)
        if (kept.length === 0 && !lane.running) lanes.delete(name)
      }
    },
    size: () => size,
    idle: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => (waiters = [...waiters, resolve]))),
  }
}

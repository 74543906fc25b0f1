import type { BusRecord } from '../bus/bus.ts'

/** What is to be done with one record. `run` answers milliseconds after which it wants to run again, or undefined when it is finished. */
type Task = { readonly record: BusRecord; readonly run: () => Promise<number | undefined> }

/** Runs tasks: those of one key one after the other, those of different keys at once, at most as many as `limit` says. */
export type KeyDispatcher = {
  add(task: Task): void
  /** Takes out what does not run at this moment and matches. */
  drop(matches: (record: BusRecord) => boolean): void
  /** Added and not finished. */
  size(): number
}

/** `paused`: the first task waits to run again; its key waits with it, its place is free for other keys. */
type Lane = { queue: Task[]; state: 'idle' | 'running' | 'paused'; timer?: NodeJS.Timeout }

/**
 * Records of one key share a lane whatever their topic: they meet in the same document anyway. A record without a key
 * has no order to keep, so its place makes a lane of its own.
 */
const laneOf = ({ key, topic, partition, offset }: BusRecord): string =>
  key === null ? `\u0000${topic}/${partition}/${offset}` : key

/**
 * Makes a dispatcher.
 *
 * @param limit - keys handled at once, 1 or more; asked before each start.
 * @param onFinish - called after each finished task, so that the caller can fetch more.
 */
export const createKeyDispatcher = (limit: () => number, onFinish: () => void): KeyDispatcher => {
  const lanes = new Map<string, Lane>()
  const ready = new Set<string>()
  let active = 0
  let size = 0

  const start = () => {
    for (const name of ready) {
      if (active >= limit()) return
      ready.delete(name)
      const lane = lanes.get(name)
      const task = lane?.queue.shift()
      if (lane === undefined || task === undefined) continue
      lane.state = 'running'
      active++
      // `run` settles its own errors; a rejection here would be a fault of the driver and must not stop the lane.
      void task.run().then(
        (again) => finish(name, lane, task, again),
        () => finish(name, lane, task, undefined),
      )
    }
  }

  const finish = (name: string, lane: Lane, task: Task, again: number | undefined) => {
    active--
    if (again === undefined) {
      size--
      rest(name, lane)
      onFinish()
    } else {
      lane.queue.unshift(task)
      lane.state = 'paused'
      lane.timer = setTimeout(() => {
        rest(name, lane)
        start()
      }, again)
    }
    start()
  }

  const rest = (name: string, lane: Lane) => {
    lane.state = 'idle'
    if (lane.queue.length > 0) ready.add(name)
    else lanes.delete(name)
  }

  return {
    add: (task) => {
      const name = laneOf(task.record)
      const lane: Lane = lanes.get(name) ?? { queue: [], state: 'idle' }
      lanes.set(name, lane)
      lane.queue.push(task)
      size++
      if (lane.state === 'idle') ready.add(name)
      start()
    },
    drop: (matches) => {
      for (const [name, lane] of lanes) {
        const kept = lane.queue.filter((task) => !matches(task.record))
        size -= lane.queue.length - kept.length
        lane.queue = kept
        if (kept.length > 0 || lane.state === 'running') continue
        clearTimeout(lane.timer)
        lanes.delete(name)
        ready.delete(name)
      }
    },
    size: () => size,
  }
}

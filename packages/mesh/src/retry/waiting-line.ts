import type { Logger } from 'pino'
import type { AggregateDocument } from '../aggregate/document.ts'
import { describeFailure } from '../errors/thrown.ts'
import type { Store } from '../store/store.ts'

/** Starts waiting keys when they are due. */
export type WaitingLine = {
  /** Something waits now, due at this time (ms). */
  dueAt(time: number): void
  /** Starts nothing more; resolves when what was started has ended. */
  close(): Promise<void>
}

/** How often the store is asked at least: another process may have put something in line (a redrive). */
const LOOK_EVERY_MS = 1_000

/** Documents read at once past those that others own; each holds its waiting records. */
const PAGE = 200

/** Times due this much later are in no hurry to be known. */
const MAX_TIMER_MS = 60_000

/**
 * Looks for due keys and resumes them, at most `concurrency` at once.
 *
 * @param resume - takes up one key as far as it is due; it must not reject.
 */
export const createWaitingLine = (
  {
    store,
    service,
    concurrency,
    mine,
    log,
    now,
  }: {
    store: Store
    service: string
    concurrency: number
    /** Whether this process may take up what waits in a document; another one may own its partition. */
    mine: (document: AggregateDocument) => boolean
    log: Logger
    now: () => number
  },
  resume: (key: string) => Promise<void>,
): WaitingLine => {
  const running = new Map<string, Promise<void>>()
  /** Keys that ended since the search began: its pages may be older, and the next search sees what is left of them. */
  const ended = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let next = Infinity
  let closed = false
  let looking: Promise<void> | undefined
  let again = false

  const plan = (time: number) => {
    if (closed || time >= next) return
    clearTimeout(timer)
    next = time
    timer = setTimeout(look, Math.min(Math.max(time - now(), 0), MAX_TIMER_MS))
  }

  const start = (key: string) => {
    const run = resume(key).finally(() => {
      running.delete(key)
      ended.add(key)
      plan(now())
    })
    running.set(key, run)
  }

  /** Starts due keys as long as there is room; those that run or belong to others are due too: it looks past them. */
  const startDue = async (moment: number) => {
    let after: string | undefined
    let limit = Math.min(concurrency, PAGE)
    do {
      const page = await store.find<AggregateDocument>(service, {
        index: 'dueAt',
        to: moment,
        limit,
        ...(after !== undefined && { after }),
      })
      for (const { id, body } of page.documents) {
        if (closed || running.size >= concurrency) return
        if (!running.has(id) && !ended.has(id) && mine(body)) start(id)
      }
      after = page.next
      limit = PAGE
    } while (after !== undefined && !closed)
  }

  const search = async () => {
    ended.clear()
    // One moment for both questions: what came due between them would be in neither answer.
    const moment = now()
    if (running.size < concurrency) await startDue(moment)
    const later = await store.find<AggregateDocument>(service, { index: 'dueAt', from: moment + 1, limit: 1 })
    return later.documents[0]?.body.waiting?.dueAt ?? Infinity
  }

  /** When to look again at the latest. */
  const lookOnce = async (): Promise<number> => {
    try {
      return Math.min(await search(), now() + LOOK_EVERY_MS)
    } catch (thrown) {
      log.warn({ err: describeFailure(thrown) }, 'waiting work could not be read; trying again')
      return now() + LOOK_EVERY_MS
    }
  }

  const lookUntilCalm = async () => {
    let latest: number
    do {
      again = false
      latest = await lookOnce()
    } while (again && !closed)
    looking = undefined
    plan(latest)
  }

  /** One search at a time: whoever wants one while another runs gets the next, however many they are. */
  const look = () => {
    next = Infinity
    if (looking !== undefined) again = true
    else looking = lookUntilCalm()
  }

  plan(now())
  return {
    dueAt: plan,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}

import { failpoint } from '../../../failpoint/failpoint.ts'
import { pause } from '../../../flow/pause.ts'
import { backoffMs } from '../../../retry/backoff.ts'
import { BETWEEN_TRIES } from '../deadline.ts'
import { atMost } from './at-most.ts'
import type { Commit } from './group-requests.ts'

/** Where news to commit come from and go to. */
export type CommitterParts = {
  /** What is finished and not committed, at this moment. */
  readonly collect: () => readonly Commit[]
  /** Answers what was taken. @throws Error when nothing was. */
  readonly send: (commits: readonly Commit[]) => Promise<ReadonlySet<Commit>>
  readonly onCommitted: (commit: Commit) => void
  /** Commits at most this often, in milliseconds; a crash in between only means that finished records come again. */
  readonly everyMs: number
}

/** Commits what is finished: one request at a time, for all partitions together. */
export type Committer = {
  /** There may be news. */
  soon(): void
  /** Commits until there is no more news of `of`, or the time is over. Never rejects. */
  flush(of: (commit: Commit) => boolean, withinMs: number): Promise<void>
  /** Commits nothing further. */
  stop(): void
}

/** Makes a committer without news. */
export const createCommitter = ({ collect, send, onCommitted, everyMs }: CommitterParts): Committer => {
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let failures = 0
  let stopped = false

  const once = async () => {
    const commits = collect()
    if (commits.length === 0) return
    failpoint('offset.before-commit')
    try {
      const taken = await send(commits)
      for (const commit of taken) onCommitted(commit)
      failures = taken.size === commits.length ? 0 : failures + 1
    } catch {
      // Not lost: the next one covers it. The membership tells when the brokers are away.
      failures++
    }
  }

  const soon = () => {
    if (stopped || timer !== undefined || sending !== undefined) return
    const waitMs = failures === 0 ? everyMs : backoffMs(BETWEEN_TRIES, failures, Math.random())
    timer = setTimeout(() => {
      timer = undefined
      void commit()
    }, waitMs)
  }

  const commit = (): Promise<void> => {
    sending ??= once().finally(() => {
      sending = undefined
      if (collect().length > 0) soon()
    })
    return sending
  }

  return {
    soon,
    flush: async (of, withinMs) => {
      const until = performance.now() + withinMs
      for (let tries = 1; !stopped && collect().some(of); tries++) {
        const left = until - performance.now()
        if (left <= 0) return
        // What is under way may have begun before the news that are waited for.
        const before = failures
        await atMost(left, sending ?? commit())
        if (failures > before) await pause(Math.min(left, backoffMs(BETWEEN_TRIES, tries, Math.random())))
      }
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

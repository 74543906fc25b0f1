import type { CloudEvent } from '@commerce-mesh/contracts'
import { MeshError } from '../errors/mesh-error.ts'
import type { BlockWatch } from './block-watch.ts'
import type { Handler, HandlerContext } from './handler.ts'
import { NO_OUTCOME, type Outcome, dead, isOutcome, retry } from './outcome.ts'

/** Attempts after which an unexpected error is no longer taken for bad luck. */
const MAX_THROWN = 10

/** How long a handler that ignores its deadline is waited for before its key goes on without it. */
const STRAGGLER_MS = 5_000

/** The partition was revoked or the process stops: nothing may be committed. */
export class Revoked extends Error {
  override readonly name = 'Revoked'
}

/** A deadline that costs nothing until a handler asks for its signal. */
const createDeadline = (ms: number, parent: AbortSignal) => {
  let controller: AbortController | undefined
  let timer: NodeJS.Timeout | undefined
  const onParent = () => {
    clearTimeout(timer)
    controller?.abort(parent.reason)
  }
  return {
    get signal(): AbortSignal {
      if (controller !== undefined) return controller.signal
      controller = new AbortController()
      if (parent.aborted) controller.abort(parent.reason)
      parent.addEventListener('abort', onParent, { once: true })
      timer = setTimeout(
        () =>
          controller?.abort(
            new MeshError('MESH_HANDLER_DEADLINE', `The handler did not finish within ${ms} ms.`),
          ),
        ms,
      )
      return controller.signal
    },
    get passed(): boolean {
      return controller !== undefined && controller.signal.aborted && !parent.aborted
    },
    end: () => {
      clearTimeout(timer)
      parent.removeEventListener('abort', onParent)
    },
  }
}

const nameOf = (thrown: unknown): string => (Error.isError(thrown) ? thrown.name : typeof thrown)

const thrownOutcome = (thrown: unknown, attempt: number): Outcome<never> => {
  if (thrown instanceof MeshError) {
    const failure = { code: thrown.code, reason: thrown.message }
    return thrown.retryable ? retry(failure) : dead(failure)
  }
  // Only the error's name: its message may hold what the handler was working on.
  const failure = {
    code: 'MESH_HANDLER_THREW',
    reason: thrown instanceof NoOutcome ? NO_OUTCOME : `the handler threw ${nameOf(thrown)}`,
  }
  return attempt >= MAX_THROWN ? dead(failure) : retry(failure)
}

/** The handler's client may throw an error of its own kind for an aborted call; the deadline is what happened. */
const lateOutcome = (thrown: unknown): Outcome<never> =>
  retry({ code: 'MESH_HANDLER_DEADLINE', reason: `the handler gave up at its deadline (${nameOf(thrown)})` })

/** A promise of anybody's making. */
export const isPromise = <T extends object>(value: PromiseLike<T> | T): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value

class NoOutcome extends Error {
  override readonly name = 'NoOutcome'
}

/** A copy, which is what is checked: only that is sure to stay as it was seen. */
const checked = <S>(answer: Outcome<S>): Outcome<S> => {
  const copy = { ...answer }
  if (isOutcome(copy)) return copy
  throw new NoOutcome(NO_OUTCOME)
}

/** A handler that neither finishes nor heeds its signal is left behind: its key must not be stuck for ever (promise 5). */
const orStraggler = <S>(running: Promise<Outcome<S>>, signal: AbortSignal): Promise<Outcome<S>> =>
  new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const leave = () =>
      resolve(
        retry({
          code: 'MESH_HANDLER_DEADLINE',
          reason: 'the handler neither finished nor stopped at its deadline',
        }),
      )
    const onAbort = () => {
      // A process that stops does not wait for it.
      timer = setTimeout(leave, STRAGGLER_MS).unref()
    }
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    running.finally(end).then(resolve, reject)
  })

const unwatched: BlockWatch = (_handler, work) => work()

/**
 * Runs a handler once. Whatever it throws becomes an outcome.
 *
 * @throws Revoked when `parent` aborted meanwhile: then its outcome counts for nothing.
 */
export const callHandler = async <S>(
  handler: Handler<S>,
  event: CloudEvent,
  state: S,
  context: Omit<HandlerContext, 'signal'> & {
    deadlineMs: number
    parent: AbortSignal
    log?: (thrown: unknown) => void
    watch?: BlockWatch
  },
): Promise<Outcome<S>> => {
  const { deadlineMs, parent, log, watch = unwatched, ...known } = context
  const deadline = createDeadline(deadlineMs, parent)
  // Enumerable, so that a copy of the context still has its deadline.
  const full = Object.defineProperty({ ...known }, 'signal', {
    get: () => deadline.signal,
    enumerable: true,
  }) as HandlerContext

  const attempt = async (): Promise<Outcome<S>> => {
    try {
      const running = watch(handler.name, () =>
        handler.handle(event as CloudEvent<never>, state, full as HandlerContext<never>),
      )
      // A plugin's promise may be of its own making, and then can do nothing but `then`.
      return checked(
        isPromise(running) ? await orStraggler(Promise.resolve(running), deadline.signal) : running,
      )
    } catch (thrown) {
      if (thrown instanceof MeshError) return thrownOutcome(thrown, context.attempt)
      if (deadline.passed) return lateOutcome(thrown)
      log?.(thrown)
      return thrownOutcome(thrown, context.attempt)
    } finally {
      deadline.end()
    }
  }

  const outcome = await attempt()
  if (parent.aborted) throw new Revoked('The partition was revoked.')
  return outcome
}

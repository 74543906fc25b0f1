import type { OrderStatus, TimelineEntry } from '@commerce-mesh/gateway'
import { isMeshError } from '@commerce-mesh/mesh'

/** What following an order needs of the world. */
export type FollowPorts = {
  /** The order as it is now; undefined while nobody knows it. */
  read(): Promise<OrderStatus | undefined>
  /** Resolves after so many milliseconds, or when `signal` aborts. */
  pause(ms: number): Promise<void>
  /** Milliseconds, from any point in time on. */
  clock(): number
  /** Aborts when nobody wants to see more. */
  readonly signal: AbortSignal
}

/** Who is told what happens. */
export type Follower = {
  /** Nobody knows the order yet. */
  waiting(): void
  /** The order as it is when it is seen first. */
  first(status: OrderStatus): void
  /** Facts that were not there before, in the timeline's order. */
  facts(entries: readonly TimelineEntry[], status: OrderStatus): void
  /** A dead letter waits for a person since now. */
  attention(status: OrderStatus): void
  /** The mesh does not answer. */
  silent(thrown: Error): void
  answering(): void
  fulfilled(status: OrderStatus): void
}

const ASK_EVERY_MS = 250

/** While the mesh does not answer: it may be starting again. */
const ASK_SILENT_EVERY_MS = 1_000

/** How long the last facts of a fulfilled order are waited for: the timeline is a projection. */
const PROJECTION_MS = 2_000

const keyOf = ({ kind, at, id }: TimelineEntry): string => `${kind} ${at} ${id}`

/** Whether every event that an attempt caused is in the timeline, `order.fulfilled` among them. */
const isComplete = ({ timeline }: OrderStatus): boolean => {
  const events = new Set(timeline.flatMap((entry) => (entry.kind === 'event' ? [entry.id] : [])))
  const caused = timeline.flatMap((entry) => (entry.kind === 'hop' ? entry.caused : []))
  return (
    caused.some(({ type }) => type.startsWith('order.fulfilled.')) && caused.every(({ id }) => events.has(id))
  )
}

const isSilence = (thrown: unknown): thrown is Error =>
  isMeshError(thrown, 'MESH_GATEWAY_UNREACHABLE') || isMeshError(thrown, 'MESH_STORE_UNAVAILABLE')

const SILENT = Symbol('silent')

/** Asks the mesh; one that does not answer is told of once, until it answers again. */
const patientReader = ({ read }: FollowPorts, follower: Follower) => {
  let isSilent = false
  return async (): Promise<OrderStatus | typeof SILENT | undefined> => {
    try {
      const status = await read()
      if (isSilent) follower.answering()
      isSilent = false
      return status
    } catch (thrown) {
      if (!isSilence(thrown)) throw thrown
      if (!isSilent) follower.silent(thrown)
      isSilent = true
      return SILENT
    }
  }
}

/** Tells what is new in a status, compared with the one before. */
const narrator = (follower: Follower) => {
  let known: ReadonlySet<string> | undefined
  let letters: ReadonlySet<string> = new Set()
  return (status: OrderStatus): void => {
    const { timeline, attention = [] } = status
    const before = known
    const fresh = before === undefined ? [] : timeline.filter((entry) => !before.has(keyOf(entry)))
    if (before === undefined) follower.first(status)
    else if (fresh.length > 0) follower.facts(fresh, status)
    known = new Set(timeline.map(keyOf))
    if (attention.some(({ deadLetterId }) => !letters.has(deadLetterId))) follower.attention(status)
    letters = new Set(attention.map(({ deadLetterId }) => deadLetterId))
  }
}

/**
 * Tells what happens to an order until it is fulfilled or nobody wants to see more. Goes on while it failed: a person may
 * redrive it. Goes on, too, while the mesh does not answer.
 *
 * @throws MeshError that `read` fails with, but for MESH_GATEWAY_UNREACHABLE and MESH_STORE_UNAVAILABLE
 */
export const follow = async (ports: FollowPorts, follower: Follower): Promise<void> => {
  const ask = patientReader(ports, follower)
  const tell = narrator(follower)
  let isWaiting = false
  let fulfilledSince: number | undefined
  while (!ports.signal.aborted) {
    const status = await ask()
    if (status === undefined && !isWaiting) follower.waiting()
    isWaiting ||= status === undefined
    if (status !== undefined && status !== SILENT) {
      tell(status)
      fulfilledSince = status.status === 'fulfilled' ? (fulfilledSince ?? ports.clock()) : undefined
      const isOver =
        fulfilledSince !== undefined &&
        (isComplete(status) || ports.clock() - fulfilledSince >= PROJECTION_MS)
      if (isOver) return follower.fulfilled(status)
    }
    await ports.pause(status === SILENT ? ASK_SILENT_EVERY_MS : ASK_EVERY_MS)
  }
}

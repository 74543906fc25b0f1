import type { OrderStatus } from '@commerce-mesh/gateway'
import type { MeshClient } from '../client/mesh-client.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { loadProgram } from '../program/program.ts'
import { traceKnowledge } from '../services.ts'
import { callOf } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderTrace } from '../trace/render.ts'
import { awaitOrder } from './await-order.ts'

/** What the gateway answers to an order. */
export type Accepted = { readonly orderNumber: string; readonly eventId: string }

const WAIT_MS = 60_000

/** How long a settled order is looked at until this submission shows up in its timeline; a long timeline may have dropped it. */
const SUBMISSION_MS = 3_000

type Reader = Pick<MeshClient, 'order' | 'notes'>

/** Dead letters that an order has before it is handed in (again). None where that can't be told. */
export const knownAttention = async (mesh: Reader, body: string): Promise<ReadonlySet<string>> => {
  try {
    const { orderNumber } = JSON.parse(body) as { orderNumber?: unknown }
    const status = typeof orderNumber === 'string' ? await mesh.order(orderNumber) : undefined
    return new Set((status?.attention ?? []).map(({ deadLetterId }) => deadLetterId))
  } catch {
    return new Set()
  }
}

const fresh = (status: OrderStatus, before: ReadonlySet<string>) =>
  (status.attention ?? []).filter(({ deadLetterId }) => !before.has(deadLetterId))

/** Whether a handler has decided about the event that the submission became. */
const isDecided = ({ timeline }: OrderStatus, eventId: string): boolean =>
  timeline.some((entry) => entry.kind === 'hop' && entry.eventId === eventId && entry.outcome !== 'retry')

/** Whether nothing more is to come of a submission: a known order may be fulfilled while this one is refused. */
export const settledAfter = (
  { eventId }: Pick<Accepted, 'eventId'>,
  before: ReadonlySet<string>,
  clock: () => number,
): ((status: OrderStatus) => boolean) => {
  let since: number | undefined
  return (status) => {
    if (fresh(status, before).length > 0) return true
    if (status.status !== 'fulfilled' && status.status !== 'failed') return false
    since ??= clock()
    return isDecided(status, eventId) || clock() - since >= SUBMISSION_MS
  }
}

/** Waits for what comes of a submission and prints it; why and where to look, where it is not the enrollment. */
export const waitFor = async (
  accepted: Accepted,
  before: ReadonlySet<string>,
  mesh: Reader,
  { input, terminal }: { readonly input: Input; readonly terminal: Terminal },
): Promise<ExitCode> => {
  const { orderNumber } = accepted
  const call = callOf(input, terminal)
  const done = settledAfter(accepted, before, () => performance.now())
  const status = await awaitOrder(mesh, orderNumber, WAIT_MS, undefined, done)
  const letters = status === undefined ? [] : fresh(status, before)
  if (status === undefined || !done(status))
    terminal.note(
      `Waited ${WAIT_MS / 1_000} s; it is not fulfilled yet, and goes on by itself. Nothing need be sent again.`,
    )
  const paint = terminal.paint
  if (status?.status === 'fulfilled' && letters.length === 0) {
    terminal.out(`${orderNumber} ${paint.green('fulfilled')}`)
    return EXIT.ok
  }
  terminal.out(status === undefined ? 'not known yet' : `${orderNumber} ${paint.yellow(status.status)}`)
  for (const { code, reason } of letters)
    terminal.out(
      paint.red(
        code === 'MESH_ORDER_CONFLICT'
          ? `What you handed in was set aside; the order stays as it was. ${code}: ${reason}`
          : `${code}: ${reason}`,
      ),
    )
  if (status !== undefined) {
    const notes = await mesh.notes()
    const { services } = await loadProgram(input, terminal)
    const options = { now: terminal.now(), paint, ...traceKnowledge(services), notes, call }
    for (const line of renderTrace(status, options)) terminal.out(line)
  }
  terminal.note(terminal.notePaint.dim(`Follow it: ${call(`trace ${orderNumber}`)}`))
  return EXIT.failed
}

import { setTimeout as pause } from 'node:timers/promises'
import type { OrderStatus } from '@commerce-mesh/gateway'
import type { MeshClient } from '../client/mesh-client.ts'
import type { LocalSecrets } from '../data/secrets.ts'
import { awaitOrder } from '../order/await-order.ts'
import { traceKnowledge } from '../services.ts'
import { layTable } from '../terminal/table.ts'
import type { Call } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderTrace } from '../trace/render.ts'
import { clientOf } from '../up/start.ts'
import type { Up } from '../up/start.ts'
import { placeSamples } from './place.ts'
import type { Placed } from './place.ts'

const WAIT_MS = 60_000
const PROJECTION_MS = 2_000
const ASK_EVERY_MS = 20

/** Whether the timeline has caught up with a fulfilled order: every event that a hop caused is there. */
const isComplete = ({ timeline }: OrderStatus): boolean => {
  const events = new Set(timeline.flatMap((entry) => (entry.kind === 'event' ? [entry.id] : [])))
  const caused = timeline.flatMap((entry) => (entry.kind === 'hop' ? entry.caused : []))
  return caused.some(({ type }) => type === 'order.fulfilled.v1') && caused.every(({ id }) => events.has(id))
}

/** The timeline is a projection: its last entries come a moment after the order is fulfilled. */
const completeStatus = async (mesh: MeshClient, status: OrderStatus): Promise<OrderStatus> => {
  const until = performance.now() + PROJECTION_MS
  let latest = status
  while (latest.status === 'fulfilled' && !isComplete(latest) && performance.now() < until) {
    await pause(ASK_EVERY_MS)
    latest = (await mesh.order(status.orderNumber)) ?? latest
  }
  return latest
}

const row = (
  { orderNumber, channel, before }: Placed,
  status: OrderStatus | undefined,
): readonly string[] => [
  `  ${orderNumber}`,
  status?.status ?? 'accepted',
  `${channel}${before ? ' (placed by an earlier start)' : ''}`,
]

/** Places the sample orders, waits for their enrollments and shows the way of the first. */
export const showDemo = async (
  up: Up,
  secrets: LocalSecrets,
  call: Call,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> => {
  const mesh = clientOf(up)
  const placed = await placeSamples(up, secrets, terminal.now())
  const statuses = await Promise.all(
    placed.map(({ orderNumber }) => awaitOrder(mesh, orderNumber, WAIT_MS, signal)),
  )
  if (signal.aborted) return
  terminal.out(terminal.paint.bold('Sample orders'))
  for (const line of layTable(placed.map((order, index) => row(order, statuses[index])))) terminal.out(line)
  const [first] = statuses
  if (first === undefined) return
  terminal.out('')
  terminal.out(terminal.paint.dim(`$ ${call(`trace ${first.orderNumber}`)}`))
  const options = { now: terminal.now(), paint: terminal.paint, ...traceKnowledge(), call }
  for (const line of renderTrace(await completeStatus(mesh, first), options)) terminal.out(line)
  terminal.out('')
}

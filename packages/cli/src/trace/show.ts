import { setTimeout as pause } from 'node:timers/promises'
import type { OrderStatus } from '@commerce-mesh/gateway'
import { MeshError } from '@commerce-mesh/mesh'
import { withMesh } from '../client/connect.ts'
import type { MeshClient } from '../client/mesh-client.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { loadProgram } from '../program/program.ts'
import { traceKnowledge } from '../services.ts'
import { callOf } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { listenForStop } from '../up/stop-signal.ts'
import { findOrder, foundText } from './find.ts'
import type { Found } from './find.ts'
import { follow } from './follow/follow.ts'
import { jsonFollower, textFollower } from './follow/followers.ts'
import { traceFormatOf } from './format.ts'
import type { Format } from './format.ts'
import { plainStatus } from './plain.ts'
import { renderTrace } from './render.ts'

type Asked = {
  readonly mesh: MeshClient
  readonly input: Input
  readonly terminal: Terminal
  readonly format: Format
}

const noteLag = async ({ mesh, terminal }: Asked): Promise<void> => {
  const behind = await mesh.viewLag()
  if (behind > 0)
    terminal.note(
      terminal.notePaint.yellow(
        `The order view is ${behind} records behind: what is shown here may be over. A gateway that runs brings it up to date.`,
      ),
    )
}

const optionsOf = async ({ mesh, input, terminal }: Asked) => ({
  ...traceKnowledge((await loadProgram(input, terminal)).services),
  notes: await mesh.notes(),
  call: callOf(input, terminal),
  explain: input.on('explain'),
})

const linesOf = async (status: OrderStatus, asked: Asked): Promise<readonly string[]> => {
  if (asked.format === 'json') return [JSON.stringify(status, undefined, 2)]
  const { terminal } = asked
  const options = { ...(await optionsOf(asked)), now: terminal.now(), paint: terminal.paint }
  if (asked.format === 'text') return renderTrace(plainStatus(status), options)
  return asked.format === 'svg'
    ? (await import('./waterfall/svg.ts')).renderSvg(status, options)
    : (await import('./waterfall/html.ts')).renderHtml(status, options)
}

const show = async (status: OrderStatus, asked: Asked): Promise<ExitCode> => {
  await noteLag(asked)
  for (const line of await linesOf(status, asked)) asked.terminal.out(line)
  return EXIT.ok
}

const followOrder = async (orderNumber: string, asked: Asked): Promise<ExitCode> => {
  const { mesh, terminal, format } = asked
  await noteLag(asked)
  const options = await optionsOf(asked)
  const { signal } = listenForStop(() => terminal.note('Ended at once.'))
  const context = { orderNumber, terminal, call: options.call, where: mesh.where }
  const ports = {
    read: async () => {
      const status = await mesh.order(orderNumber)
      return status === undefined || format === 'json' ? status : plainStatus(status)
    },
    // Rejects when the signal aborts, which ends the loop anyway.
    pause: (ms: number) => pause(ms, undefined, { signal }).catch(() => {}),
    clock: () => performance.now(),
    signal,
  }
  await follow(ports, format === 'json' ? jsonFollower(context) : textFollower(context, options))
  return EXIT.ok
}

const listSeveral = (
  id: string,
  { several, by }: Extract<Found, { several: readonly string[] }>,
  { input, terminal, format }: Asked,
): ExitCode => {
  terminal.note(foundText(id, by, several))
  // Whoever wants a document or a picture must not get a list instead.
  const write = format === 'text' ? terminal.out : terminal.note
  for (const orderNumber of several) write(orderNumber)
  terminal.note(terminal.notePaint.dim(`One of them: ${callOf(input, terminal)(`trace ${several[0]}`)}`))
  return EXIT.failed
}

const unknown = (id: string, { mesh }: Asked, limit?: string): MeshError =>
  new MeshError(
    'MESH_ORDER_UNKNOWN',
    limit === undefined
      ? `No order, trace, payment or event ${id} is known to ${mesh.where}.`
      : `No order ${id} is known to ${mesh.where}.\n  ${limit}`,
  )

/** `mesh trace`. @throws UsageError, MeshError MESH_ORDER_UNKNOWN, or as the mesh answers */
export const showTrace = (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const format = traceFormatOf(input)
  return withMesh(input, terminal, async (mesh) => {
    const asked = { mesh, input, terminal, format }
    const id = input.argument('ORDER')
    const found = await findOrder(mesh, id, () =>
      terminal.note(
        terminal.notePaint.dim(
          `No order has the number ${id}; looking through all orders for a trace, payment or event of this id …`,
        ),
      ),
    )
    if ('several' in found) return listSeveral(id, found, asked)
    if (!('status' in found)) {
      if (input.on('follow')) return await followOrder(id, asked)
      throw unknown(id, asked, found.limit)
    }
    const { status, by } = found
    if (by !== undefined) terminal.note(foundText(id, by, [status.orderNumber]))
    return input.on('follow') ? await followOrder(status.orderNumber, asked) : await show(status, asked)
  })
}

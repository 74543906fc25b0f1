import { MeshError } from '@commerce-mesh/mesh'
import { withMesh } from '../client/connect.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { consumersOfEvents } from '../services.ts'
import { callOf } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderTrace } from './render.ts'

/** `mesh trace`. */
export const showTrace = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withMesh(input, terminal, async (mesh) => {
    const orderNumber = input.argument('ORDER')
    const status = await mesh.order(orderNumber)
    if (status === undefined)
      throw new MeshError('MESH_ORDER_UNKNOWN', `No order ${orderNumber} is known to ${mesh.where}.`)
    const behind = await mesh.viewLag()
    if (behind > 0)
      terminal.note(
        terminal.notePaint.yellow(
          `The order view is ${behind} records behind: what is shown here may be over. A gateway that runs brings it up to date.`,
        ),
      )
    if (input.on('json')) terminal.out(JSON.stringify(status, undefined, 2))
    else
      for (const line of renderTrace(status, {
        now: terminal.now(),
        paint: terminal.paint,
        consumers: consumersOfEvents(),
        notes: await mesh.notes(),
        call: callOf(input, terminal),
      }))
        terminal.out(line)
    return EXIT.ok
  })

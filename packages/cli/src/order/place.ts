import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { OrderStatus } from '@commerce-mesh/gateway'
import { MeshError } from '@commerce-mesh/mesh'
import { callJson } from '../client/http-call.ts'
import type { Endpoint } from '../client/http-call.ts'
import { httpClient } from '../client/http-client.ts'
import { findRunning } from '../client/running-mesh.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { dataDirectory, shortPath } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { awaitOrder } from './await-order.ts'

const WAIT_MS = 60_000

const readOrder = async (named: string, terminal: Terminal): Promise<string> => {
  if (named === '-') return await terminal.stdin()
  try {
    return await readFile(path.resolve(terminal.directory, named), 'utf8')
  } catch (thrown) {
    const missing = Error.isError(thrown) && 'code' in thrown && thrown.code === 'ENOENT'
    throw new UsageError(
      missing
        ? `There is no file ${named} in ${terminal.directory}.`
        : `The file ${named} can’t be read: ${Error.isError(thrown) ? thrown.message : ''}`,
    )
  }
}

/** The running mesh that commands hand things to. @throws MeshError MESH_GATEWAY_UNREACHABLE when there is none. */
export const needRunning = (input: Input, terminal: Terminal): Endpoint => {
  const data = dataDirectory(input, terminal)
  const running = findRunning(input, terminal, data)
  if (running !== undefined) return running
  throw new MeshError(
    'MESH_GATEWAY_UNREACHABLE',
    `No mesh runs on the data directory ${shortPath(data, terminal)}.`,
  )
}

const outcome = (status: OrderStatus | undefined, terminal: Terminal): ExitCode => {
  if (status?.status === 'fulfilled') {
    terminal.out(`${status.orderNumber} ${terminal.paint.green('fulfilled')}`)
    return EXIT.ok
  }
  terminal.out(
    status === undefined ? 'not known yet' : `${status.orderNumber} ${terminal.paint.yellow(status.status)}`,
  )
  return EXIT.failed
}

/** `mesh order place`. */
export const placeOrder = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const body = await readOrder(input.argument('FILE'), terminal)
  const endpoint = needRunning(input, terminal)
  const answer = (await callJson(endpoint, { method: 'POST', path: '/v1/orders', body })) as {
    orderNumber: string
    eventId: string
  }
  terminal.out(`${terminal.paint.bold(answer.orderNumber)} accepted: it is on disk (event ${answer.eventId})`)
  if (input.on('wait'))
    return outcome(await awaitOrder(httpClient(endpoint), answer.orderNumber, WAIT_MS), terminal)
  terminal.note(terminal.notePaint.dim(`Follow it: mesh trace ${answer.orderNumber}`))
  return EXIT.ok
}

import { MeshError } from '@commerce-mesh/mesh'
import { callJson } from '../client/http-call.ts'
import type { Endpoint } from '../client/http-call.ts'
import { httpClient } from '../client/http-client.ts'
import { findAsked, findRunning } from '../client/running-mesh.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { readText } from '../command/read-text.ts'
import { dataDirectory, shortPath } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { callOf } from '../terminal/call.ts'
import { knownAttention, waitFor } from './wait.ts'
import type { Accepted } from './wait.ts'

/** The running mesh that commands hand things to. @throws MeshError MESH_GATEWAY_UNREACHABLE when there is none. */
export const needRunning = (input: Input, terminal: Terminal): Endpoint => {
  const running = findAsked(input, terminal)
  if (running !== undefined) return running
  const data = dataDirectory(input, terminal)
  if (findRunning(input, terminal, data) === undefined)
    throw new MeshError(
      'MESH_GATEWAY_UNREACHABLE',
      `No mesh runs on the data directory ${shortPath(data, terminal)}.`,
    )
  throw new MeshError(
    'MESH_GATEWAY_UNREACHABLE',
    `The mesh on ${shortPath(data, terminal)} works on other engines than ${input.text('config')} names.`,
    { action: 'Name the gateway of those engines with --url (and --key), or leave --config out.' },
  )
}

/** `mesh order place`. */
export const placeOrder = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const body = await readText(input.argument('FILE'), terminal, 'FILE is the JSON of one order.')
  const endpoint = needRunning(input, terminal)
  const mesh = httpClient(endpoint)
  const before = input.on('wait') ? await knownAttention(mesh, body) : new Set<string>()
  const answer = (await callJson(endpoint, { method: 'POST', path: '/v1/orders', body })) as Accepted
  terminal.out(`${terminal.paint.bold(answer.orderNumber)} accepted: it is on disk (event ${answer.eventId})`)
  if (input.on('wait')) return await waitFor(answer, before, mesh, { input, terminal })
  terminal.note(
    terminal.notePaint.dim(`Follow it: ${callOf(input, terminal)(`trace ${answer.orderNumber}`)}`),
  )
  return EXIT.ok
}

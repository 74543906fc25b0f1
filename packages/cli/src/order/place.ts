import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { MeshError } from '@commerce-mesh/mesh'
import { callJson } from '../client/http-call.ts'
import type { Endpoint } from '../client/http-call.ts'
import { httpClient } from '../client/http-client.ts'
import { findAsked, findRunning } from '../client/running-mesh.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { dataDirectory, shortPath } from '../data/place.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { callOf } from '../terminal/call.ts'
import { knownAttention, waitFor } from './wait.ts'
import type { Accepted } from './wait.ts'

const readOrder = async (named: string, terminal: Terminal): Promise<string> => {
  if (named === '-') return await terminal.stdin()
  try {
    return await readFile(path.resolve(terminal.directory, named), 'utf8')
  } catch (thrown) {
    const code = Error.isError(thrown) && 'code' in thrown ? String(thrown.code) : ''
    if (code === 'ENOENT') throw new UsageError(`There is no file ${named} in ${terminal.directory}.`)
    const why = { EISDIR: 'it is a directory', EACCES: 'this user may not read it' }[code] ?? code
    throw new UsageError(`The file ${named} can’t be read: ${why}.`, 'FILE is the JSON of one order.')
  }
}

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
  const body = await readOrder(input.argument('FILE'), terminal)
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

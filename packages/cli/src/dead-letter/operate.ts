import { userInfo } from 'node:os'
import type { DeadLetter, DeadLetterFilter } from '@commerce-mesh/mesh'
import { withMesh } from '../client/connect.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { UsageError } from '../command/usage-error.ts'
import { loadProgram } from '../program/program.ts'
import { knownContracts } from '../contracts/known.ts'
import { callOf } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderLetter, renderList } from './render.ts'

const CLASSES: readonly DeadLetter['class'][] = ['contract', 'poison', 'permanent', 'exhausted']
const STATUSES: readonly DeadLetter['status'][] = ['open', 'redriven', 'discarded']

const oneOf = <T extends string>(input: Input, flag: string, known: readonly T[]): T | undefined => {
  const given = input.text(flag)
  const found = known.find((value) => value === given)
  if (given !== undefined && found === undefined)
    throw new UsageError(`--${flag} is '${given}'.`, `One of: ${known.join(', ')}`)
  return found
}

const filterOf = (input: Input, services: readonly string[]): DeadLetterFilter => {
  const [kind, status, service, key, limit] = [
    oneOf(input, 'class', CLASSES),
    oneOf(input, 'status', STATUSES),
    oneOf(input, 'service', services),
    input.text('order'),
    input.count('limit'),
  ]
  return {
    ...(kind !== undefined && { class: kind }),
    ...(status !== undefined && { status }),
    ...(service !== undefined && { service }),
    ...(key !== undefined && { key }),
    ...(limit !== undefined && { limit: Math.min(limit, 1_000) }),
  }
}

/** Who mends things without a gateway that would know: the user of the machine. */
const operator = (): string => {
  try {
    return `cli:${userInfo().username}`
  } catch {
    return 'cli'
  }
}

/** `mesh dead list`. */
export const listLetters = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const { services } = await loadProgram(input, terminal)
  const filter = filterOf(
    input,
    services.map(({ name }) => name),
  )
  return withMesh(input, terminal, async (mesh) => {
    const letters = await mesh.deadLetters(filter)
    if (input.on('json'))
      terminal.out(
        JSON.stringify(
          letters.map(({ record: { topic, partition, offset }, ...letter }) => ({
            ...letter,
            record: { topic, partition, offset },
          })),
          undefined,
          2,
        ),
      )
    else for (const line of renderList(letters, terminal.paint)) terminal.out(line)
    return EXIT.ok
  })
}

/** `mesh dead show`. The record's payload is left out of --json without --personal. */
export const showLetter = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withMesh(input, terminal, async (mesh) => {
    const letter = await mesh.deadLetter(input.argument('ID'))
    const personal = input.on('personal')
    const { record, ...rest } = letter
    if (input.on('json'))
      terminal.out(
        JSON.stringify(personal ? letter : { ...rest, record: { ...record, value: null } }, undefined, 2),
      )
    else
      for (const line of renderLetter(letter, {
        paint: terminal.paint,
        personal,
        contracts: await knownContracts(input, terminal),
        call: callOf(input, terminal),
      }))
        terminal.out(line)
    return EXIT.ok
  })

/** `mesh dead redrive`. */
export const redriveLetter = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withMesh(input, terminal, async (mesh) => {
    const { id, key } = await mesh.redrive(input.argument('ID'), operator())
    terminal.out(`${id} is in front of its handler again.`)
    if (key !== null)
      terminal.note(terminal.notePaint.dim(`Follow it: ${callOf(input, terminal)(`trace ${key}`)}`))
    return EXIT.ok
  })

/** `mesh dead discard`. */
export const discardLetter = (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const reason = input.text('reason')?.trim() ?? ''
  if (reason === '')
    throw new UsageError(
      "'mesh dead discard' needs --reason TEXT: why the record is closed.",
      'Example: --reason "refunded by hand, ticket 812"',
    )
  return withMesh(input, terminal, async (mesh) => {
    const { id } = await mesh.discard(input.argument('ID'), operator(), reason)
    terminal.out(`${id} is closed.`)
    return EXIT.ok
  })
}

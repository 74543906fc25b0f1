import { CATALOGUE, MeshError } from '@commerce-mesh/mesh'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import { UsageError } from '../command/usage-error.ts'
import type { Paint } from './paint.ts'

/** Codes after which nothing runs or can be reached. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'MESH_DATA_IN_USE',
  'MESH_DATA_NOT_WRITABLE',
  'MESH_DATA_NEWER',
  'MESH_DATA_MISSING',
  'MESH_DATA_DAMAGED',
  'MESH_PORT_TAKEN',
  'MESH_CONFIG_INVALID',
  'MESH_GATEWAY_UNREACHABLE',
  'MESH_BUS_UNAVAILABLE',
  'MESH_TOPIC_MISSING',
  'MESH_TOPIC_UNSAFE',
  'MESH_STORE_UNAVAILABLE',
])

/** Exit code that a thrown value leads to. */
export const exitCodeOf = (thrown: unknown): ExitCode => {
  if (thrown instanceof UsageError) return EXIT.usage
  return thrown instanceof MeshError && UNAVAILABLE.has(thrown.code) ? EXIT.unavailable : EXIT.failed
}

const stackOf = (thrown: unknown): readonly string[] => {
  if (!Error.isError(thrown)) return [String(thrown)]
  return [
    thrown.stack ?? thrown.message,
    ...(thrown.cause === undefined ? [] : ['Caused by:', ...stackOf(thrown.cause)]),
  ]
}

/** What a person is told of an error: code, what happened, what it means for orders, what to do. The stack only if wanted. */
export const describeFailure = (thrown: unknown, paint: Paint, verbose: boolean): readonly string[] => {
  const stack = verbose ? ['', ...stackOf(thrown)] : []
  if (thrown instanceof UsageError)
    return [paint.red(thrown.message), ...(thrown.hint === undefined ? [] : [thrown.hint])]
  if (!(thrown instanceof MeshError)) {
    const message = Error.isError(thrown) ? thrown.message : String(thrown)
    return [
      paint.red(`The command failed unexpectedly: ${message}`),
      'Run it again with --verbose and report what it prints.',
      ...stack,
    ]
  }
  const [first = '', ...details] = thrown.message.split('\n')
  return [
    `${paint.red(thrown.code)} ${paint.bold(first)}`,
    ...details,
    `  Orders: ${CATALOGUE[thrown.code].order}`,
    `  To do:  ${thrown.action}`,
    ...stack,
  ]
}

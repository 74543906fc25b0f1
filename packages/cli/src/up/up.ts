import path from 'node:path'
import { formatFinding } from '@commerce-mesh/mesh'
import { withoutCredentials } from '../client/address.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { shortPath } from '../data/place.ts'
import { operatorKeyFile } from '../data/secrets.ts'
import { describeBus, describeStore, isLocal } from '../engines/describe.ts'
import { createLogger } from '../log/logger.ts'
import { loadProgram } from '../program/program.ts'
import type { Program } from '../program/program.ts'
import { layTable } from '../terminal/table.ts'
import { callOf, quoted } from '../terminal/call.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { planUp, sectionOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { startUp } from './start.ts'
import type { Up } from './start.ts'
import { listenForStop } from './stop-signal.ts'
import type { StopWish } from './stop-signal.ts'
import { amidStrayFaults } from './stray-faults.ts'

const addresses = ({ config, lms, endpoint }: Up, terminal: Terminal): readonly string[] => {
  const { lms: options } = sectionOf(config, 'fulfillment')
  const lmsUrl =
    typeof options === 'object' && options !== null && 'url' in options
      ? withoutCredentials(String(options.url))
      : ''
  return layTable([
    ['  gateway', endpoint.url, '/openapi.json  /readyz  /metrics'],
    lms === undefined ? ['  LMS', lmsUrl] : ['  sandbox LMS', lms.url, '/_sandbox/effects'],
    ...(isLocal(config)
      ? []
      : [
          ['  bus', describeBus(config)],
          ['  store', describeStore(config)],
        ]),
    ['  data', shortPath(config.data, terminal)],
  ])
}

const thingsToTry = ({ config, endpoint }: Up, input: Input, terminal: Terminal): readonly string[] => {
  const key = quoted(shortPath(operatorKeyFile(config.data), terminal))
  const call = callOf(input, terminal)
  const order = quoted(shortPath(path.join(terminal.root, 'examples', 'order.json'), terminal))
  return [
    terminal.paint.bold('Try it'),
    `  curl -X POST ${endpoint.url}/v1/orders -H "Authorization: Bearer $(cat ${key})" -H 'Content-Type: application/json' -d @${order}`,
    `  ${call('trace EDX-100001')}`,
    `  ${call('status')}`,
  ]
}

const welcome = async (
  running: Up,
  plan: Plan,
  input: Input,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> => {
  terminal.out(terminal.paint.bold('Commerce Mesh is up'))
  for (const line of addresses(running, terminal)) terminal.out(line)
  terminal.out('')
  if (plan.demo) {
    const { showDemo } = await import('../demo/show.ts')
    await showDemo(running, plan.secrets, callOf(input, terminal), terminal, signal)
  }
  if (signal.aborted) return
  for (const line of thingsToTry(running, input, terminal)) terminal.out(line)
  terminal.out(terminal.paint.dim('Ctrl-C stops it.'))
}

const runUntilStopped = async (
  plan: Plan,
  program: Program,
  input: Input,
  terminal: Terminal,
  stop: StopWish,
): Promise<ExitCode> => {
  const running = await startUp(plan, program, input, terminal, stop.signal).catch((thrown: unknown) => {
    if (stop.signal.aborted) return undefined
    throw thrown
  })
  if (running === undefined) {
    terminal.note('Stopped before it was up.')
    return EXIT.ok
  }
  try {
    await welcome(running, plan, input, terminal, stop.signal)
    await stop.wished()
    terminal.note('Stopping: running work finishes first …')
  } finally {
    await running.stop()
  }
  terminal.note('Stopped.')
  return EXIT.ok
}

/** `mesh up`. Resolves when the mesh has stopped. */
export const up = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const stop = listenForStop(() => terminal.note('Stopped at once; nothing is lost, the next start goes on.'))
  const program = await loadProgram(input, terminal)
  const plan = planUp(input, terminal, program)
  for (const warning of plan.warnings) terminal.note(terminal.notePaint.yellow(formatFinding(warning)))
  return amidStrayFaults(createLogger(plan.config.log.level, terminal), terminal.root, () =>
    runUntilStopped(plan, program, input, terminal, stop),
  )
}

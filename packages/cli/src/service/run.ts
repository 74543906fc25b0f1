import { formatFinding, startMesh } from '@commerce-mesh/mesh'
import type { Logger } from 'pino'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import { describeBus, describeStore } from '../engines/describe.ts'
import { createLogger } from '../log/logger.ts'
import { loadProgram, partsOf } from '../program/program.ts'
import type { Program } from '../program/program.ts'
import { layTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { listenForStop } from '../up/stop-signal.ts'
import type { StopWish } from '../up/stop-signal.ts'
import { amidStrayFaults } from '../up/stray-faults.ts'
import { hasCallers, localOperator } from './operator.ts'
import { type RunPlan, planRun } from './plan.ts'

const NOBODY_NOTE =
  'No API key is known and the data directory can’t keep one, so only tokens of the LMS and signed webhooks are let in: name callers in services.gateway.callers (`mesh token NAME` prints the lines).'

const banner = ({ service, config }: RunPlan, url: string | undefined, terminal: Terminal): void => {
  terminal.out(terminal.paint.bold(`${service.name} runs`))
  const rows = [
    ['  address', url ?? '', '/healthz  /readyz  /metrics'],
    ['  bus', describeBus(config)],
    ['  store', describeStore(config)],
  ]
  for (const line of layTable(rows)) terminal.out(line)
}

const runUntilStopped = async (
  plan: RunPlan,
  program: Program,
  terminal: Terminal,
  log: Logger,
  stop: StopWish,
): Promise<ExitCode> => {
  const isGateway = plan.service.name === 'gateway'
  const operator = isGateway ? localOperator(plan.config) : undefined
  const config = operator?.config ?? plan.config
  const mesh = await startMesh({
    config,
    services: [plan.service],
    known: program.services,
    ...partsOf(program, config, plan.service),
    status: !isGateway,
    log,
    signal: stop.signal,
  }).catch((thrown: unknown) => {
    operator?.close()
    if (stop.signal.aborted) return undefined
    throw thrown
  })
  if (mesh === undefined) {
    terminal.note('Stopped before it was up.')
    return EXIT.ok
  }
  try {
    operator?.announce(mesh.url ?? '')
    banner(plan, mesh.url, terminal)
    if (isGateway && !hasCallers(config)) terminal.note(terminal.notePaint.yellow(NOBODY_NOTE))
    await stop.wished()
    terminal.note('Stopping: running work finishes first …')
  } finally {
    await mesh.stop()
    operator?.close()
  }
  terminal.note('Stopped.')
  return EXIT.ok
}

/** `mesh run SERVICE`. Resolves when the service has stopped. */
export const runService = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const stop = listenForStop(() => terminal.note('Stopped at once; nothing is lost, the next start goes on.'))
  const program = await loadProgram(input, terminal)
  const plan = planRun(input, terminal, program)
  for (const warning of plan.warnings) terminal.note(terminal.notePaint.yellow(formatFinding(warning)))
  const log = createLogger(plan.config.log.level, terminal)
  return amidStrayFaults(log, terminal.root, () => runUntilStopped(plan, program, terminal, log, stop))
}

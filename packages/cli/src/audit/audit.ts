import type { AuditReport } from '@commerce-mesh/mesh'
import { withMesh } from '../client/connect.ts'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import type { Paint } from '../terminal/paint.ts'
import { layTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'

const HEAD = [
  'service',
  'accepted',
  'done',
  'suppressed',
  'dead',
  'waiting',
  'in flight',
  'unpublished',
  'drift',
]

/** An audit as a table, with the first lost records where there are any. */
export const renderAudit = (report: AuditReport, paint: Paint): readonly string[] => {
  const rows = report.services.map(
    ({ service, accepted, done, suppressed, dead, waiting, inFlight, unpublished, drift }) => [
      service,
      accepted,
      done,
      suppressed,
      dead,
      waiting,
      inFlight,
      unpublished,
      drift,
    ],
  )
  const lost = report.services.flatMap(({ service, lost: places }) =>
    places.map((place) => `  ${service}: ${place}`),
  )
  const verdict =
    report.drift === 0
      ? paint.green('Drift 0: every record is accounted for.')
      : paint.red(
          `Drift ${report.drift}: records have no recorded fate. Keep the data directory and report this.`,
        )
  return [...layTable([HEAD, ...rows]), '', verdict, ...lost]
}

/** `mesh audit`. */
export const auditMesh = (input: Input, terminal: Terminal): Promise<ExitCode> =>
  withMesh(input, terminal, async (mesh) => {
    const report = await mesh.audit()
    if (input.on('json')) terminal.out(JSON.stringify(report, undefined, 2))
    else for (const line of renderAudit(report, terminal.paint)) terminal.out(line)
    return report.drift === 0 ? EXIT.ok : EXIT.failed
  })

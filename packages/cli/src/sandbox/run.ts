import path from 'node:path'
import { EXIT } from '../command/exit-code.ts'
import type { ExitCode } from '../command/exit-code.ts'
import type { Input } from '../command/input.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { listenForStop } from '../up/stop-signal.ts'
import { SANDBOX_CLIENT, SANDBOX_PORT } from './client.ts'
import { openSandboxLms } from './start.ts'

/** `mesh sandbox lms`. */
export const runSandboxLms = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const journal = input.text('journal')
  const stop = listenForStop(() => {})
  const host = input.text('host')
  const lms = await openSandboxLms(input.port('port') ?? SANDBOX_PORT, {
    ...(host !== undefined && { host }),
    ...(journal !== undefined && { journalFile: path.resolve(terminal.directory, journal) }),
  })
  terminal.out(`Sandbox LMS at ${lms.url}`)
  terminal.out(
    `  OAuth2 client ${SANDBOX_CLIENT.clientId} / ${SANDBOX_CLIENT.clientSecret}, API key ${SANDBOX_CLIENT.apiKey}; enrollments are kept ${journal === undefined ? 'in memory' : `in ${journal}`}`,
  )
  terminal.out(`  what was enrolled:  curl ${lms.url}/_sandbox/effects`)
  terminal.out(
    `  make it fail:       curl -X POST ${lms.url}/_sandbox/faults -d '{"down":true}'      (and '{}' to mend it)`,
  )
  terminal.out(`  a mesh that uses it: ${terminal.program} up --lms ${lms.url}`)
  await stop.wished()
  await lms.close()
  return EXIT.ok
}

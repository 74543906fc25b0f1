import type { MeshConfig } from './config.ts'
import type { Finding } from './finding.ts'

/** Two settings that do not go together. */
export type Contradiction = {
  readonly severity: Finding['severity']
  readonly path: readonly string[]
  readonly message: string
  readonly fix: string
}

const HOUR = 3_600_000

type Rule = (config: MeshConfig, written: (path: string) => boolean) => Contradiction | undefined

const above = (
  path: readonly string[],
  message: string,
  fix: string,
  severity: Finding['severity'] = 'error',
): Contradiction => ({
  severity,
  path,
  message,
  fix,
})

const RULES: readonly Rule[] = [
  ({ retry }) =>
    retry.initialMs > retry.maxMs
      ? above(
          ['retry', 'initialMs'],
          `the first pause (${retry.initialMs} ms) is longer than the longest (retry.maxMs, ${retry.maxMs} ms).`,
          'Lower retry.initialMs or raise retry.maxMs.',
        )
      : undefined,
  ({ retry }) =>
    retry.initialMs > retry.windowHours * HOUR
      ? above(
          ['retry', 'windowHours'],
          `the retry time (${retry.windowHours} h) ends before the second attempt (retry.initialMs, ${retry.initialMs} ms).`,
          'Raise retry.windowHours or lower retry.initialMs.',
        )
      : undefined,
  ({ breaker }) =>
    breaker.coolDownMs > breaker.maxCoolDownMs
      ? above(
          ['breaker', 'coolDownMs'],
          `the first pause (${breaker.coolDownMs} ms) is longer than the longest (breaker.maxCoolDownMs, ${breaker.maxCoolDownMs} ms).`,
          'Lower breaker.coolDownMs or raise breaker.maxCoolDownMs.',
        )
      : undefined,
  ({ retry, deadlineMs }) =>
    deadlineMs > retry.windowHours * HOUR
      ? above(
          ['deadlineMs'],
          `one attempt (${deadlineMs} ms) may take longer than the whole retry time (retry.windowHours, ${retry.windowHours} h).`,
          'Lower deadlineMs or raise retry.windowHours.',
        )
      : undefined,
  // The defaults differ on purpose (a stop shall be quick, an LMS may be slow), so only who wrote both is told.
  ({ deadlineMs, graceMs }, written) =>
    deadlineMs > graceMs && written('deadlineMs') && written('graceMs')
      ? above(
          ['graceMs'],
          `an attempt may take ${deadlineMs} ms (deadlineMs), but a stop cuts it off after ${graceMs} ms (graceMs); it is done again at the next start.`,
          'Raise graceMs to deadlineMs if attempts shall end before the mesh stops.',
          'warning',
        )
      : undefined,
]

/** Settings that contradict each other. `written` tells whether a path stands in the file. */
export const contradictionsOf = (
  config: MeshConfig,
  written: (path: string) => boolean,
): readonly Contradiction[] => RULES.flatMap((rule) => rule(config, written) ?? [])

/**
 * Failpoints: `MESH_FAILPOINTS='outbox.published:3'` kills this process with SIGKILL when the named place is passed for
 * the third time. For the crash suites; without the variable every call is an empty function.
 */

/** Every durable boundary at which a crash is rehearsed. */
export const FAILPOINTS = [
  'engine.before-commit',
  'engine.after-commit',
  'publish.before',
  'publish.after',
  'handler.before',
  'handler.after',
  'aggregate.before-put',
  'aggregate.after-put',
  'outbox.dead-letter-put',
  'outbox.published',
  'outbox.cleared',
  'poison.after-put',
  'offset.before-commit',
] as const

/** Name of a failpoint. */
export type FailpointName = (typeof FAILPOINTS)[number]

const isName = (name: string): name is FailpointName => (FAILPOINTS as readonly string[]).includes(name)

const SETTING = /^([^:]+)(?::([1-9]\d*))?$/

const parse = (text: string): Map<FailpointName, number> =>
  new Map(
    text
      .split(',')
      .filter((part) => part !== '')
      .map((part) => {
        const [, name = '', hits = '1'] = SETTING.exec(part) ?? []
        // A crash suite that names no real place would pass without a crash.
        if (!isName(name))
          throw new TypeError(
            `MESH_FAILPOINTS has '${part}'; write name or name:count, with a name of ${FAILPOINTS.join(', ')}.`,
          )
        return [name, Number(hits)]
      }),
  )

/**
 * Arms what a setting names.
 *
 * @param kill - ends the process at the place that was named; injected by tests.
 * @throws TypeError for a name that is no failpoint, or a count that is not a positive integer.
 */
export const armFailpoints = (
  setting: string,
  kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
): ((name: FailpointName) => void) => {
  const remaining = parse(setting)
  return (name) => {
    const hits = remaining.get(name)
    if (hits === undefined) return
    if (hits === 1) kill()
    remaining.set(name, hits - 1)
  }
}

const setting = process.env['MESH_FAILPOINTS'] ?? ''

/** Marks a durable boundary. */
export const failpoint: (name: FailpointName) => void = setting === '' ? () => {} : armFailpoints(setting)

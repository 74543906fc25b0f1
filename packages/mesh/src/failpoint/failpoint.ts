/**
 * Failpoints: `MESH_FAILPOINTS='outbox.published:3'` kills this process with SIGKILL when the named place is passed for
 * the third time. For the crash suites; without the variable every call is an empty function.
 */
const parse = (text: string): Map<string, number> =>
  new Map(
    text
      .split(',')
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', hits = '1'] = part.split(':')
        return [name, Number(hits)]
      }),
  )

const arm = (text: string) => {
  const remaining = parse(text)
  return (name: FailpointName): void => {
    const hits = remaining.get(name)
    if (hits === undefined) return
    if (hits <= 1) process.kill(process.pid, 'SIGKILL')
    remaining.set(name, hits - 1)
  }
}

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

const setting = process.env['MESH_FAILPOINTS'] ?? ''

/** Marks a durable boundary. */
export const failpoint: (name: FailpointName) => void = setting === '' ? () => {} : arm(setting)

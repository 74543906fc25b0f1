/**
 * Why an event is refused: `poison`, it can't be decoded (bad JSON, invalid UTF-8, no CloudEvents attributes);
 * `contract`, it can be read but breaks the CloudEvents rules, a limit, or its schema. Design section 6, "dead letters".
 */
export type EventFormatKind = 'poison' | 'contract'

/** One thing that is wrong with an event. Never holds a value of the event (promise 11). */
export type Finding = {
  /** Attribute name or dotted path, such as `source` or `data.lines.0.courseId`; empty for the whole. */
  readonly path: string
  /** What is wrong, to be read after the path: `must be an integer`. */
  readonly message: string
}

const SHOWN = 10

const list = (findings: readonly Finding[]): string => {
  const shown = findings
    .slice(0, SHOWN)
    .map(({ path, message }) => `${path === '' ? 'event' : path} ${message}`)
  const rest = findings.length - shown.length
  return rest > 0 ? `${shown.join('; ')}; and ${rest} more` : shown.join('; ')
}

/**
 * An event that can't be read or breaks a rule. Trying again gives the same answer.
 * The message and the findings name paths and rules, never values, so both may be logged (promise 11).
 */
export class EventFormatError extends Error {
  override readonly name = 'EventFormatError'
  /** `poison`: can't be decoded. `contract`: breaks a rule. */
  readonly kind: EventFormatKind
  /** Everything that is wrong, in the order found. */
  readonly findings: readonly Finding[]

  constructor(kind: EventFormatKind, findings: readonly Finding[]) {
    const what = kind === 'poison' ? "The event can't be decoded" : 'The event breaks its rules'
    super(`${what}: ${list(findings)}. Trying again will not help: mend the sender and send the event anew.`)
    this.kind = kind
    this.findings = findings
  }
}

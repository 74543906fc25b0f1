/** Fate of a service's records. */
export type ServiceAudit = {
  readonly service: string
  /** Records on the topics that the service consumes, still in the log. */
  readonly accepted: number
  readonly done: number
  readonly suppressed: number
  readonly dead: number
  readonly waiting: number
  /** Not settled yet: behind the committed offset or being handled. */
  readonly inFlight: number
  /** Keys with decisions that are committed but not published yet; the sweeper sees to those that a crash left. */
  readonly unpublished: number
  /** accepted minus all fates above: lost records. Must be 0. */
  readonly drift: number
  /** Where the first lost records are: `topic/partition@offset`, at most 10. */
  readonly lost: readonly string[]
}

/** What an audit found. */
export type AuditReport = {
  readonly at: string
  readonly services: readonly ServiceAudit[]
  readonly drift: number
}

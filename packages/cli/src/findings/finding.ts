/** One thing that a check has found, and where: the form in which every check reports. */
export type ReportedFinding = {
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** As it is shown: relative to where the command was typed. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Dotted path of what it is about; empty for the whole. */
  readonly path: string
  readonly message: string
  readonly fix: string
}

/** `3 errors, 1 warning`; undefined where there is neither. */
export const countFindings = (findings: readonly Pick<ReportedFinding, 'severity'>[]): string | undefined => {
  const counted = (['error', 'warning'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return counted.length === 0 ? undefined : counted.join(', ')
}

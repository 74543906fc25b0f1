import type { Finding } from '@commerce-mesh/mesh'

/** A finding of any check; its file is shown relative to where the command was typed. */
export type ReportedFinding = Omit<Finding, 'code'> & { readonly code: string }

/** `3 errors, 1 warning`; undefined where there is neither. */
export const countFindings = (findings: readonly Pick<ReportedFinding, 'severity'>[]): string | undefined => {
  const counted = (['error', 'warning'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  return counted.length === 0 ? undefined : counted.join(', ')
}

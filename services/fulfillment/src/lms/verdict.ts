import type { MeshCode } from '@commerce-mesh/mesh'

/** The LMS (or what stands before it) is in trouble; the same call may succeed later. */
export type Transient = {
  readonly verdict: 'transient'
  readonly code: MeshCode
  /** For the operator; no personal data. */
  readonly reason: string
  /** Milliseconds that the LMS asked us to wait; a lower bound. */
  readonly afterMs?: number
  /** Whether this call alone is troubled, or every call would be. */
  readonly scope: 'record' | 'dependency'
}

/** The LMS says no; the same call will be answered alike until a person changes something. */
export type Permanent = { readonly verdict: 'permanent'; readonly code: MeshCode; readonly reason: string }

/** A call that did not bring what was asked for. */
export type Trouble = Transient | Permanent

/** A call that did. */
export type Known<T> = { readonly verdict: 'known'; readonly value: T }

/** What a line ended in. */
export type LineVerdict = { readonly verdict: 'granted' } | Trouble

/** Shorthand for a transient trouble of this one call. */
export const transient = (
  code: MeshCode,
  reason: string,
  more: { scope?: 'record' | 'dependency'; afterMs?: number } = {},
): Transient => ({
  verdict: 'transient',
  scope: 'record',
  code,
  reason,
  ...more,
})

/** Shorthand for a trouble that every call would meet now. */
export const outage = (code: MeshCode, reason: string, afterMs?: number): Transient =>
  transient(code, reason, { scope: 'dependency', ...(afterMs !== undefined && { afterMs }) })

/** Shorthand for a no. */
export const permanent = (code: MeshCode, reason: string): Permanent => ({
  verdict: 'permanent',
  code,
  reason,
})

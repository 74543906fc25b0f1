import type { Known, LineVerdict, Trouble } from './verdict.ts'

/** What goes along with every call. */
export type Call = {
  /** Aborts the call and the wait for it. */
  readonly signal: AbortSignal
  /** W3C traceparent, sent along. */
  readonly traceparent: string
}

/** A learner's enrollment in a course run, as the LMS has it. */
export type Enrollment = { readonly mode: string; readonly isActive: boolean }

/** How an account is found when its username is not known. */
export type AccountQuery = { readonly lmsUserId: number } | { readonly email: string }

/** The wanted end: this learner, active, in this mode. */
export type EnrollmentWish = {
  readonly username: string
  readonly courseId: string
  readonly mode: string
  readonly orderNumber: string
  /** When the order was placed; RFC 3339. */
  readonly placedAt: string
  /** Only for mode `credit`. */
  readonly creditProvider?: string
  /** Only where the operator turned it on (interop section 1, semantics 5). */
  readonly emailOptIn?: boolean
}

/** What this service needs of an LMS. Never throws for what an LMS or a network can do: that comes as a verdict. */
export type Lms = {
  /** Username of an account; permanent MESH_LMS_LEARNER_UNKNOWN where there is none. */
  findUsername(query: AccountQuery, call: Call): Promise<Known<string> | Trouble>
  /** The learner's enrollment; null where there is none. */
  readEnrollment(username: string, courseId: string, call: Call): Promise<Known<Enrollment | null> | Trouble>
  /** Creates or updates the enrollment. */
  writeEnrollment(wish: EnrollmentWish, call: Call): Promise<LineVerdict>
}

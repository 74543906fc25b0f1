import { message } from './answer.ts'
import { courseDetails } from './course.ts'
import type { Answer } from './answer.ts'
import type { SandboxCourse } from './course.ts'
import type { EnrollmentAttribute, EnrollmentRequest } from './enrollment-request.ts'
import type { Caller, SandboxUser } from './user.ts'

/** A learner's row for a course run. The LMS never deletes one: who left has `isActive: false`. */
export interface Enrollment {
  readonly mode: string
  readonly isActive: boolean
  /** ISO 8601. */
  readonly created: string
  readonly attributes: readonly EnrollmentAttribute[]
}

/** What a decision may look at. Implementations answer from memory and change nothing. */
export interface EnrollmentState {
  user(username: string): SandboxUser | undefined
  userByEmail(email: string): SandboxUser | undefined
  course(courseId: string): SandboxCourse | undefined
  enrollment(username: string, courseId: string): Enrollment | undefined
  activeEnrollments(courseId: string): number
}

/** What an accepted POST does to the state. */
export interface EnrollmentChange {
  readonly username: string
  readonly courseId: string
  readonly after: Enrollment
  /** 1, or 2 where the learner was enrolled and deactivated by one request ("semantics that bite", 3). */
  readonly writes: 1 | 2
  /** `email_opt_in` of the CALLING account ("semantics that bite", 5). */
  readonly optIn: { readonly username: string; readonly org: string; readonly value: unknown } | null
}

/** The answer to a POST and what it changes, if anything. */
export interface EnrollmentDecision {
  readonly answer: Answer
  readonly change: EnrollmentChange | null
}

/** Everything that {@link decideEnrollment} decides from, beside the state. */
export interface EnrollmentCall {
  readonly caller: Caller
  readonly request: EnrollmentRequest
  /** Milliseconds since 1970. */
  readonly now: number
  /** Scheme, host and port under which the LMS was called, for absolute links. */
  readonly origin: string
}

/** The 200 body of the enrollment API. */
export function renderEnrollment(
  username: string,
  enrollment: Enrollment,
  course: SandboxCourse,
  now: number,
): Record<string, unknown> {
  return {
    created: enrollment.created,
    mode: enrollment.mode,
    is_active: enrollment.isActive,
    course_details: courseDetails(course, now),
    user: username,
  }
}

/** A decision that changes nothing. */
export function refuse(answer: Answer): EnrollmentDecision {
  return { answer, change: null }
}

/** The 400 for a course that does not exist. */
export function noCourse(courseId: string): EnrollmentDecision {
  return refuse(message(400, `No course '${courseId}' found for enrollment`))
}

/** The 400 for a closed or full course and for one that a plugin vetoes: it does not say which. */
export function failed(username: string, courseId: string): EnrollmentDecision {
  const what = 'An error occurred while creating the new course enrollment for user'
  return refuse(message(400, `${what} '${username}' in course '${courseId}'`))
}

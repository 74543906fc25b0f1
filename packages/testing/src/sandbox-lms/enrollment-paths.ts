import { json, message } from './answer.ts'
import { parseCourseKey } from './course-key.ts'
import { courseDetails, defaultModeSlug, isClosed, modesAt } from './course.ts'
import { failed, noCourse, refuse, renderEnrollment } from './enrollment.ts'
import { mayActForOthers } from './user.ts'
import type { Answer } from './answer.ts'
import type { SandboxCourse } from './course.ts'
import type { Enrollment, EnrollmentCall, EnrollmentDecision, EnrollmentState } from './enrollment.ts'
import type { EnrollmentAttribute, ReadAttributes } from './enrollment-request.ts'
import type { SandboxUser } from './user.ts'

/** A call whose learner and course passed the LMS's first checks: what its two paths work on. */
export interface AdmittedCall extends EnrollmentCall {
  readonly user: SandboxUser
  readonly courseId: string
  readonly course: SandboxCourse | undefined
  readonly before: Enrollment | undefined
  readonly isActive: boolean | null
  readonly force: boolean
  readonly read: ReadAttributes
}

function modeChanges({ before, request }: AdmittedCall): boolean {
  return before !== undefined && request.mode !== null && request.mode !== before.mode
}

function activityChanges({ before, isActive }: AdmittedCall): boolean {
  return before !== undefined && isActive !== null && isActive !== before.isActive
}

/** Whether the call takes the update path, which checks neither closed nor full ("semantics that bite", 1). */
function changesExistingRow(call: AdmittedCall): boolean {
  return mayActForOthers(call.caller) && (modeChanges(call) || activityChanges(call))
}

/** Takes the path of the LMS that the call belongs on. */
export function takePath(state: EnrollmentState, call: AdmittedCall): EnrollmentDecision {
  return changesExistingRow(call) ? update(call) : add(state, call)
}

/**
 * Credit without a provider. The LMS checks it on the update path only, and only where any attribute was sent; the sandbox
 * checks whenever a learner is to be enrolled, as interop section 1 states the need: a provider forgotten on the add path is
 * stored by the LMS in silence.
 */
function missesProvider({ request, isActive, read }: AdmittedCall): boolean {
  if (request.mode !== 'credit') return false
  const sent = read.attributes ?? []
  if (sent.length === 0 && isActive === false) return false
  return !sent.some((each) => each.namespace === 'credit' && each.name === 'provider_id')
}

const missingProvider = message(
  400,
  "Missing enrollment attributes: requested mode=credit required attributes=['credit:provider_id']",
)

function unavailableMode(call: AdmittedCall, mode: string, includeExpired: boolean): Answer | null {
  const { course, courseId, now } = call
  if (!course) return noCourse(courseId).answer
  if (modesAt(course, now, includeExpired).some((each) => each.slug === mode)) return null
  return json(400, {
    message: `The [${mode}] course mode is expired or otherwise unavailable for course run [${courseId}].`,
    course_details: courseDetails(course, now, includeExpired),
  })
}

function update(call: AdmittedCall): EnrollmentDecision {
  const { before, request, isActive, caller } = call
  if (!before) throw new Error('The update path needs an existing enrollment; this is a bug of the sandbox.')
  if (modeChanges(call) && activityChanges(call) && isActive === false) {
    const modes = `active mode=${before.mode}, requested mode=${request.mode}`
    return refuse(message(400, `Enrollment mode mismatch: ${modes}. Won't deactivate.`))
  }
  if (missesProvider(call)) return refuse(missingProvider)
  if (request.mode !== null) {
    // Leaving an expired mode must stay possible; the API key may also enter one.
    const refusal = unavailableMode(call, request.mode, caller.hasApiKey || isActive === false)
    if (refusal) return refuse(refusal)
  }
  return accept(call, { mode: request.mode ?? before.mode, isActive: isActive ?? before.isActive }, 1)
}

function add(state: EnrollmentState, call: AdmittedCall): EnrollmentDecision {
  const { course, courseId, before, user, request, isActive, force, now } = call
  if (missesProvider(call)) return refuse(missingProvider)
  if (!course) return noCourse(courseId)
  const mode = request.mode ?? defaultModeSlug(course, now)
  const unavailable = unavailableMode(call, mode, force || isActive === false)
  if (unavailable) return refuse(unavailable)
  if (course.refusal !== null) {
    return refuse(json(403, { message: course.refusal, localizedMessage: course.refusal }))
  }
  const isFull = course.maxEnrollments !== null && state.activeEnrollments(courseId) >= course.maxEnrollments
  if ((isClosed(course, now) && !force && !user.isStaff) || isFull) return failed(user.username, courseId)
  if (before?.isActive) return refuse(json(200, renderEnrollment(user.username, before, course, now)))
  // The LMS enrolls first and then applies `is_active`: false makes it enroll and deactivate at once.
  return accept(call, { mode, isActive: isActive ?? true }, isActive === false ? 2 : 1)
}

function accept(
  call: AdmittedCall,
  { mode, isActive }: Pick<Enrollment, 'mode' | 'isActive'>,
  writes: 1 | 2,
): EnrollmentDecision {
  const { user, courseId, course, before, read, request, caller, now } = call
  const created = before?.created ?? new Date(now).toISOString()
  const attributes = read.lateRefusal
    ? (before?.attributes ?? [])
    : mergeAttributes(before?.attributes ?? [], read.attributes ?? [])
  const after: Enrollment = { mode, isActive, created, attributes }
  const changed = { username: user.username, courseId, after, writes }
  if (read.lateRefusal) return { answer: read.lateRefusal, change: { ...changed, optIn: null } }
  if (!course) throw new Error('An enrollment needs a course; this is a bug of the sandbox.')
  const org = parseCourseKey(courseId)?.org ?? ''
  const optIn =
    request.emailOptIn === null || caller.user === null
      ? null
      : { username: caller.user.username, org, value: request.emailOptIn }
  return {
    answer: json(200, renderEnrollment(user.username, after, course, now)),
    change: { ...changed, optIn },
  }
}

/** The LMS keeps one value per namespace and name. */
function mergeAttributes(
  kept: readonly EnrollmentAttribute[],
  sent: readonly EnrollmentAttribute[],
): readonly EnrollmentAttribute[] {
  if (kept.length === 0) return sent
  const replaced = (old: EnrollmentAttribute): boolean =>
    sent.some((each) => each.namespace === old.namespace && each.name === old.name)
  return [...kept.filter((each) => !replaced(each)), ...sent]
}

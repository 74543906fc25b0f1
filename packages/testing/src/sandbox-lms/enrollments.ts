import { empty, json, message } from './answer.ts'
import { parseCourseKey } from './course-key.ts'
import { failed, noCourse, refuse } from './enrollment.ts'
import { takePath } from './enrollment-paths.ts'
import { readAttributes } from './enrollment-request.ts'
import { mayActForOthers } from './user.ts'
import type { Answer } from './answer.ts'
import type { EnrollmentCall, EnrollmentDecision, EnrollmentState } from './enrollment.ts'
import type { Caller, SandboxUser } from './user.ts'

/** Whose enrollment it is: the named user, else that of the address, else the caller. */
function findLearner(call: EnrollmentCall, state: EnrollmentState): SandboxUser | Answer {
  const { caller, request } = call
  const own = caller.user?.username ?? ''
  if (request.username !== null && request.username !== own && !mayActForOthers(caller)) return empty(404)
  if (request.username === null && request.email !== null) {
    if (!mayActForOthers(caller)) return empty(404)
    const found = state.userByEmail(request.email)
    return found ?? message(406, `The user with the email address ${request.email} does not exist.`)
  }
  const username = request.username ?? own
  return state.user(username) ?? message(406, `The user ${username} does not exist.`)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function mayAskFor(mode: string | null, caller: Caller): boolean {
  return mode === null || mode === 'audit' || mode === 'honor' || mayActForOthers(caller)
}

/**
 * Decides an enrollment POST as the LMS does, check by check in its order, without changing anything.
 * Source: interop section 1 and the LMS's enrollment view.
 */
export function decideEnrollment(state: EnrollmentState, call: EnrollmentCall): EnrollmentDecision {
  const { caller, request } = call
  const { courseId, mode } = request
  if (courseId === null)
    return refuse(message(400, 'Course ID must be specified to create a new enrollment.'))
  if (!parseCourseKey(courseId)) return noCourse(courseId)
  const learner = findLearner(call, state)
  if ('status' in learner) return refuse(learner)
  if (!mayAskFor(mode, caller)) {
    return refuse(message(403, `User does not have permission to create enrollment with mode [${mode}].`))
  }
  return decideForLearner(state, call, learner, courseId)
}

function decideForLearner(
  state: EnrollmentState,
  call: EnrollmentCall,
  user: SandboxUser,
  courseId: string,
): EnrollmentDecision {
  const { isActive, forceEnrollment } = call.request
  const course = state.course(courseId)
  if (course?.embargoed && !user.isStaff) return refuse(embargo(courseId, call.origin))
  if (isActive !== null && typeof isActive !== 'boolean') {
    return refuse(message(400, `'${shown(isActive)}' is an invalid enrollment activation status.`))
  }
  if (course?.vetoed) return failed(user.username, courseId)
  if (forceEnrollment !== null && typeof forceEnrollment !== 'boolean') {
    return refuse(message(400, `'${shown(forceEnrollment)}' is an invalid force enrollment status.`))
  }
  const read = readAttributes(call.request.attributes)
  if (read.refusal) return refuse(read.refusal)
  const force = forceEnrollment === true && call.caller.user?.isStaff === true
  const before = state.enrollment(user.username, courseId)
  return takePath(state, { ...call, user, courseId, course, before, isActive, force, read })
}

function embargo(courseId: string, origin: string): Answer {
  return json(403, {
    message: `Users from this location cannot access the course '${courseId}'.`,
    user_message_url: `${origin}/embargo/blocked-message/enrollment/default/`,
  })
}

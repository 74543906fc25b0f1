import { empty, json } from './answer.ts'
import { orderNumberOf, readEnrollmentRequest } from './enrollment-request.ts'
import { renderEnrollment } from './enrollment.ts'
import { decideEnrollment } from './enrollments.ts'
import { callerOf, enterEnrollmentApi } from './entry.ts'
import { carryOut } from './lms.ts'
import { mayActForOthers } from './user.ts'
import type { Answer } from './answer.ts'
import type { EnrollmentState } from './enrollment.ts'
import type { ApiCall, Lms, Subject } from './lms.ts'

function stateOf({ catalogue, ledger }: Lms): EnrollmentState {
  return {
    user: (username) => catalogue.user(username),
    userByEmail: (email) => catalogue.userByEmail(email),
    course: (courseId) => catalogue.course(courseId),
    enrollment: (username, courseId) => ledger.enrollment(username, courseId),
    activeEnrollments: (courseId) => ledger.activeEnrollments(courseId),
  }
}

/** `POST /api/enrollment/v1/enrollment`: creates or changes an enrollment. */
export function postEnrollment(lms: Lms, call: ApiCall): Answer {
  const caller = enterEnrollmentApi(lms, call)
  if ('status' in caller) return caller
  if ('refusal' in call.json) return call.json.refusal
  const request = readEnrollmentRequest(call.json.value)
  const { answer, change } = decideEnrollment(stateOf(lms), {
    caller,
    request,
    now: call.now,
    origin: call.origin,
  })
  if (change) carryOut(lms, change, call.now)
  return answer
}

/** Whom an enrollment POST is about, whoever sends it; an address is resolved to its account. */
export function subjectOfPost(lms: Lms, call: ApiCall): Subject {
  if ('refusal' in call.json) return { user: null, courseId: null, orderNumber: null }
  const request = readEnrollmentRequest(call.json.value)
  const { username, email, courseId } = request
  if (username !== null) lms.catalogue.admitUsername(username)
  else if (email !== null) lms.catalogue.admitEmail(email)
  if (courseId !== null) lms.catalogue.admitCourse(courseId)
  const byEmail = email === null ? null : (lms.catalogue.userByEmail(email)?.username ?? email)
  return { user: username ?? byEmail ?? ownName(lms, call), courseId, orderNumber: orderNumberOf(request) }
}

function ownName(lms: Lms, call: ApiCall): string | null {
  const caller = callerOf(lms, call)
  return 'status' in caller ? null : (caller.user?.username ?? null)
}

/** `GET /api/enrollment/v1/enrollment`: the active enrollments of `?user=`, by default the caller's. */
export function listEnrollments(lms: Lms, call: ApiCall): Answer {
  const caller = enterEnrollmentApi(lms, call)
  if ('status' in caller) return caller
  const own = caller.user?.username ?? ''
  const username = call.query.get('user') ?? own
  // Course teams see their own courses here; the sandbox has none, so a stranger sees nothing.
  if (username !== own && !mayActForOthers(caller)) return json(200, [])
  const rows = lms.ledger.entriesOf(username).flatMap(({ courseId, enrollment }) => {
    const course = lms.catalogue.course(courseId)
    return course && enrollment?.isActive ? [renderEnrollment(username, enrollment, course, call.now)] : []
  })
  return json(200, rows)
}

/** `GET …/enrollment/{username},{course_id}` and `GET …/enrollment/{course_id}` (the caller's own): JSON `null` where none. */
export function getEnrollment(lms: Lms, call: ApiCall): Answer {
  const caller = enterEnrollmentApi(lms, call)
  if ('status' in caller) return caller
  const own = caller.user?.username ?? ''
  const [courseId = '', username = own] = call.params.toReversed()
  if (username !== own && !mayActForOthers(caller)) return empty(404)
  const enrollment = lms.ledger.enrollment(username, courseId)
  const course = lms.catalogue.course(courseId)
  return json(200, enrollment && course ? renderEnrollment(username, enrollment, course, call.now) : null)
}

/** Whom a path with `{username},{course_id}` is about. */
export function subjectOfPath(_lms: Lms, call: ApiCall): Subject {
  const [courseId = null, user = null] = call.params.toReversed()
  return { user, courseId, orderNumber: null }
}

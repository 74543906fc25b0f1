import { forbidden, json, message } from './answer.ts'
import { courseDetails, courseModes } from './course.ts'
import { enterAsUser } from './entry.ts'
import type { Answer } from './answer.ts'
import type { ApiCall, Lms, Subject } from './lms.ts'

/** `GET /api/enrollment/v1/course/{course_id}`: open to everybody; any value of `include_expired` switches it on. */
export function getCourse(lms: Lms, call: ApiCall): Answer {
  const hasApiKey = call.credentials.apiKey === lms.apiKey
  const refusal = lms.throttle.enrollment({ user: null, hasApiKey }, call.address, call.now)
  if (refusal) return refusal
  const [courseId = ''] = call.params
  const course = lms.catalogue.course(courseId)
  if (!course) return message(400, `No course found for course ID '${courseId}'`)
  return json(200, courseDetails(course, call.now, (call.query.get('include_expired') ?? '') !== ''))
}

/** `GET /api/course_modes/v1/courses/{course_id}/`: for staff; a course without modes, also an unknown one, has `[]`. */
export function listCourseModes(lms: Lms, call: ApiCall): Answer {
  const caller = enterAsUser(lms, call)
  if ('status' in caller) return caller
  if (!caller.user?.isStaff) return forbidden
  const course = lms.catalogue.course(call.params[0] ?? '')
  return json(200, course ? courseModes(course) : [])
}

/** Which course a path is about; with `autoCreate` it brings it into being. */
export function subjectOfCourse(lms: Lms, call: ApiCall): Subject {
  const courseId = call.params[0] ?? null
  if (courseId !== null) lms.catalogue.admitCourse(courseId)
  return { user: null, courseId, orderNumber: null }
}

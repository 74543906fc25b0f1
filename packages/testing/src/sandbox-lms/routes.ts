import { answerTokenRequest } from './access-token.ts'
import { deactivateAccount, listAccounts, subjectOfAccount, subjectOfQuery } from './account-views.ts'
import { detail, json } from './answer.ts'
import { parseCourseKey } from './course-key.ts'
import { getCourse, listCourseModes, subjectOfCourse } from './course-views.ts'
import {
  getEnrollment,
  listEnrollments,
  postEnrollment,
  subjectOfPath,
  subjectOfPost,
} from './enrollment-views.ts'
import type { Answer } from './answer.ts'
import type { ApiCall, Lms, Subject } from './lms.ts'

/** An endpoint of the LMS. */
interface Route {
  readonly method: string
  /** As people write it. */
  readonly path: string
  /** Matches the decoded path; its groups are the {@link ApiCall.params}. */
  readonly pattern: RegExp
  readonly answer: (lms: Lms, call: ApiCall) => Answer
  readonly subject: (lms: Lms, call: ApiCall) => Subject
}

const nobody: Subject = { user: null, courseId: null, orderNumber: null }

function answerToken(lms: Lms, call: ApiCall): Answer {
  const refusal = lms.throttle.token(call.address, call.now)
  if (refusal) return refusal
  const request = {
    form: new URLSearchParams(call.text),
    authorization: call.credentials.authorization,
    now: call.now,
  }
  return answerTokenRequest(request, lms.client, lms.tokens)
}

/** Everything that the sandbox has of the LMS. Beside the token endpoint, slashes at the end are as the LMS has them. */
const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/enrollment/v1/enrollment',
    pattern: /^\/api\/enrollment\/v1\/enrollment$/,
    answer: postEnrollment,
    subject: subjectOfPost,
  },
  {
    method: 'GET',
    path: '/api/enrollment/v1/enrollment?user={username}',
    pattern: /^\/api\/enrollment\/v1\/enrollment$/,
    answer: listEnrollments,
    subject: (_lms, call) => ({ ...nobody, user: call.query.get('user') }),
  },
  {
    method: 'GET',
    path: '/api/enrollment/v1/enrollment/{username},{course_id}',
    pattern: /^\/api\/enrollment\/v1\/enrollment\/([^,/]+),(.+)$/,
    answer: getEnrollment,
    subject: subjectOfPath,
  },
  {
    method: 'GET',
    path: '/api/enrollment/v1/enrollment/{course_id}',
    pattern: /^\/api\/enrollment\/v1\/enrollment\/([^,]+)$/,
    answer: getEnrollment,
    subject: subjectOfPath,
  },
  {
    method: 'GET',
    path: '/api/enrollment/v1/course/{course_id}?include_expired=1',
    pattern: /^\/api\/enrollment\/v1\/course\/(.+)$/,
    answer: getCourse,
    subject: subjectOfCourse,
  },
  {
    method: 'GET',
    path: '/api/user/v1/accounts?lms_user_id={id} | ?username={a,b} | ?email={address}',
    pattern: /^\/api\/user\/v1\/accounts$/,
    answer: listAccounts,
    subject: subjectOfQuery,
  },
  {
    method: 'POST',
    path: '/api/user/v1/accounts/{username}/deactivate/',
    pattern: /^\/api\/user\/v1\/accounts\/([^/]+)\/deactivate\/$/,
    answer: deactivateAccount,
    subject: subjectOfAccount,
  },
  {
    method: 'GET',
    path: '/api/course_modes/v1/courses/{course_id}/',
    pattern: /^\/api\/course_modes\/v1\/courses\/(.+)\/$/,
    answer: listCourseModes,
    subject: subjectOfCourse,
  },
  {
    method: 'POST',
    path: '/oauth2/access_token',
    pattern: /^\/oauth2\/access_token\/?$/,
    answer: answerToken,
    subject: () => nobody,
  },
]

/** A route with what its pattern took from a path. */
export interface FoundRoute {
  readonly route: Route
  readonly params: readonly string[]
}

function matchPath(path: string): FoundRoute[] {
  return routes.flatMap((route) => {
    const found = route.pattern.exec(path)
    if (!found) return []
    const params = found.slice(1)
    const courseId = route.path.includes('{course_id}') ? params.at(-1) : undefined
    // A path whose course id is none matches no pattern of the LMS either.
    return courseId === undefined || parseCourseKey(courseId) ? [{ route, params }] : []
  })
}

/** The route of a request; where there is none, the 404 or 405 that says what exists. */
export function findRoute(method: string, path: string): FoundRoute | Answer {
  const found = matchPath(path)
  const exact = found.find(({ route }) => route.method === method)
  if (exact) return exact
  if (found.length === 0) return notFound(routes.map((route) => `${route.method} ${route.path}`))
  const allowed = [...new Set(found.map(({ route }) => route.method))].join(', ')
  return detail(405, `Method "${method}" not allowed.`, { allow: allowed })
}

/** The 404 for a path that the sandbox does not have. */
export function notFound(endpoints: readonly string[]): Answer {
  return json(404, { message: 'The sandbox LMS has no such path. See endpoints for what it has.', endpoints })
}

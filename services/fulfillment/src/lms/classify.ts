import { isWebPage, jsonOf, messageOf, type Answer } from './answer.ts'
import { retryAfterMs } from './retry-after.ts'
import { outage, permanent, transient, type Permanent, type Trouble } from './verdict.ts'

/** What was asked for, in words that may be shown: course ids and modes are no personal data. */
export type Asked = { readonly courseId: string; readonly mode: string }

const unexpected = (status: number) =>
  outage(
    'MESH_LMS_ANSWER_UNEXPECTED',
    `Something answered ${status} that is not the LMS's API: a proxy, a maintenance page, or a wrong \`lms.url\`.`,
  )

/**
 * Troubles that mean the same whatever was asked: the LMS is down, throttles, doesn't know us, or isn't the LMS.
 * Undefined where the answer is one to this very question. Rule: interop section 1, the table's last four rows.
 *
 * @param now - milliseconds since the epoch.
 */
export const generalTrouble = (answer: Answer, now: number): Trouble | undefined => {
  const { status } = answer
  const afterMs = retryAfterMs(answer.headers['retry-after'], now)
  if (status === 429) return outage('MESH_LMS_THROTTLED', 'The LMS asks for fewer calls (429).', afterMs)
  if (status === 401) return outage('MESH_LMS_UNAUTHORIZED', 'The LMS refuses a fresh access token (401).')
  if (status === 408)
    return outage('MESH_LMS_TIMEOUT', 'The LMS gave up waiting for the call (408).', afterMs)
  // 500 is the application's own fault, often with one record; the other 5xx come from what stands before it.
  if (status === 500) return transient('MESH_LMS_ERROR', 'The LMS met an error of its own (500).')
  if (status > 500) return outage('MESH_LMS_UNAVAILABLE', `The LMS is not available (${status}).`, afterMs)
  return status < 200 || (status > 200 && status < 400) || isWebPage(answer) ? unexpected(status) : undefined
}

const NO_PERMISSION = 'The LMS does not let the service user act for learners (404): it must be staff.'

/** A no that means the same for every read: 403, 404 and whatever else the mesh does not know. */
export const refusedRead = (status: number): Permanent => {
  if (status === 403)
    return permanent('MESH_LMS_FORBIDDEN', 'The LMS forbids the service user to read this (403).')
  if (status === 404) return permanent('MESH_LMS_NO_PERMISSION', NO_PERMISSION)
  return permanent('MESH_LMS_REQUEST_REFUSED', `The LMS refused a read with ${status}.`)
}

const badRequest = (answer: Answer, { courseId, mode }: Asked): Permanent => {
  const message = messageOf(answer)
  if (/no course .* found for enrollment|course id must be specified/i.test(message)) {
    return permanent('MESH_LMS_COURSE_UNKNOWN', `The LMS knows no course run ${courseId}.`)
  }
  if (/mode is expired or otherwise unavailable/i.test(message)) {
    return permanent('MESH_LMS_MODE_UNAVAILABLE', `Mode ${mode} of ${courseId} is expired or not offered.`)
  }
  if (/missing enrollment attributes/i.test(message)) {
    return permanent(
      'MESH_LMS_CREDIT_PROVIDER_MISSING',
      `Mode ${mode} of ${courseId} needs attributes that the order lacks.`,
    )
  }
  if (/error occurred while creating the new course enrollment/i.test(message)) {
    const why = 'closed, full, by invitation only, or a plugin objects'
    return permanent('MESH_LMS_ENROLLMENT_REFUSED', `The LMS does not enroll into ${courseId}: ${why}.`)
  }
  return permanent('MESH_LMS_REQUEST_REFUSED', `The LMS refused mode ${mode} of ${courseId} with 400.`)
}

const forbidden = (answer: Answer, { courseId, mode }: Asked): Permanent => {
  const body = jsonOf(answer)
  return typeof body === 'object' && body !== null && 'user_message_url' in body
    ? permanent(
        'MESH_LMS_EMBARGOED',
        `The LMS does not admit the learner to ${courseId} from where they are (embargo).`,
      )
    : permanent('MESH_LMS_FORBIDDEN', `The LMS forbids mode ${mode} of ${courseId} (403).`)
}

const refusedWrite = (answer: Answer, asked: Asked): Permanent => {
  if (answer.status === 400) return badRequest(answer, asked)
  if (answer.status === 403) return forbidden(answer, asked)
  if (answer.status === 404) return permanent('MESH_LMS_NO_PERMISSION', NO_PERMISSION)
  if (answer.status === 406)
    return permanent('MESH_LMS_LEARNER_UNKNOWN', 'The LMS has no such learner (406).')
  return permanent(
    'MESH_LMS_REQUEST_REFUSED',
    `The LMS refused mode ${asked.mode} of ${asked.courseId} with ${answer.status}.`,
  )
}

/**
 * What the LMS's answer to an enrollment means. Rule: interop section 1, the status table.
 *
 * @param answer - answer to `POST /api/enrollment/v1/enrollment`.
 * @param now - milliseconds since the epoch.
 */
export const classify = (
  answer: Answer,
  asked: Asked,
  now: number,
): { readonly verdict: 'granted' } | Trouble => {
  const trouble = generalTrouble(answer, now)
  if (trouble !== undefined) return trouble
  if (answer.status !== 200) return refusedWrite(answer, asked)
  const { mode, is_active: isActive } = (jsonOf(answer) ?? {}) as { mode?: unknown; is_active?: unknown }
  if (mode === asked.mode && isActive === true) return { verdict: 'granted' }
  const reason = `The LMS answered 200, but not with an active enrollment in mode ${asked.mode} of ${asked.courseId}.`
  return transient('MESH_LMS_ANSWER_UNEXPECTED', reason)
}

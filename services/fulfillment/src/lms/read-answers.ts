import { z } from 'zod'
import { jsonOf, type Answer } from './answer.ts'
import { generalTrouble, refusedRead } from './classify.ts'
import type { Enrollment } from './port.ts'
import { permanent, transient, type Known, type Trouble } from './verdict.ts'

const enrollmentRow = z.object({ mode: z.string(), is_active: z.boolean() }).nullable()
const accounts = z.array(z.object({ username: z.string().min(1) }))

const unreadable = (what: string) =>
  transient('MESH_LMS_ANSWER_UNEXPECTED', `The LMS answered 200, but not with ${what}.`)

/** What the answer to `GET …/enrollment/{username},{course_id}` says; JSON `null` is: no enrollment. */
export const readEnrollmentAnswer = (answer: Answer, now: number): Known<Enrollment | null> | Trouble => {
  const trouble = generalTrouble(answer, now)
  if (trouble !== undefined) return trouble
  if (answer.status !== 200) return refusedRead(answer.status)
  const row = enrollmentRow.safeParse(jsonOf(answer))
  if (!row.success) return unreadable('an enrollment')
  return { verdict: 'known', value: row.data && { mode: row.data.mode, isActive: row.data.is_active } }
}

/** What the answer to `GET /api/user/v1/accounts` says: a list with the one account asked for, or 404. */
export const readAccountsAnswer = (answer: Answer, now: number): Known<string> | Trouble => {
  const trouble = generalTrouble(answer, now)
  if (trouble !== undefined) return trouble
  if (answer.status === 404)
    return permanent('MESH_LMS_LEARNER_UNKNOWN', 'The LMS has no account for this learner (404).')
  if (answer.status !== 200) return refusedRead(answer.status)
  const list = accounts.safeParse(jsonOf(answer))
  if (!list.success || list.data.length > 1) return unreadable('the one account asked for')
  const [account] = list.data
  return account === undefined
    ? permanent('MESH_LMS_LEARNER_UNKNOWN', 'The LMS has no account for this learner (empty list).')
    : { verdict: 'known', value: account.username }
}

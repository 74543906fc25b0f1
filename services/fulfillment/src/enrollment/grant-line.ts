import type { Call, EnrollmentWish, Lms } from '../lms/port.ts'
import { permanent, type LineVerdict } from '../lms/verdict.ts'
import { modeChange } from './mode-change.ts'

const conflict = (held: string, { mode, courseId }: EnrollmentWish) =>
  permanent(
    'MESH_LMS_MODE_CONFLICT',
    `The learner is in mode ${held} of ${courseId}; mode ${mode} would take it away.`,
  )

/**
 * Brings one line to its wanted end: reads first, so that what is so already is success without a write, also when the
 * answer to an earlier write was lost or the course has closed since (interop section 1, semantics 1).
 */
export const grantLine = async (lms: Lms, wish: EnrollmentWish, call: Call): Promise<LineVerdict> => {
  if (wish.mode === 'credit' && wish.creditProvider === undefined) {
    return permanent(
      'MESH_LMS_CREDIT_PROVIDER_MISSING',
      `The line for ${wish.courseId} is for credit and names no creditProvider.`,
    )
  }
  const held = await lms.readEnrollment(wish.username, wish.courseId, call)
  if (held.verdict !== 'known') return held
  const change = modeChange(held.value, wish.mode)
  if (change === 'granted') return { verdict: 'granted' }
  return change === 'write' ? lms.writeEnrollment(wish, call) : conflict(held.value?.mode ?? '', wish)
}

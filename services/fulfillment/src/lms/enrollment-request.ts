import type { EnrollmentWish } from './port.ts'

// Course keys go into paths as Open edX's own clients send them: `course-v1:Org+C+R`, `Org/C/R`.
const LITERAL = new Map([
  ['%2F', '/'],
  ['%3A', ':'],
  ['%2B', '+'],
])

/** Never throws: half a surrogate pair, which old events may hold, becomes U+FFFD. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed())

const inPath = (text: string) =>
  encoded(text).replace(/%(2F|3A|2B)/g, (escape) => LITERAL.get(escape) ?? escape)

/** Path of one learner's enrollment in one course run. */
export const enrollmentPath = (username: string, courseId: string): string =>
  `/api/enrollment/v1/enrollment/${encoded(username)},${inPath(courseId)}`

/**
 * An instant as the LMS keeps it with an order: POSIX seconds as Python writes a float, `1681738233.0`.
 *
 * @param placedAt - RFC 3339.
 */
export const posixSeconds = (placedAt: string): string => {
  const seconds = Date.parse(placedAt) / 1_000
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds)
}

const attribute = (namespace: string, name: string, value: string) => ({ namespace, name, value })

/** Body of `POST /api/enrollment/v1/enrollment` (interop section 1). `is_active` is said outright, so that it reactivates. */
export const enrollmentBody = (wish: EnrollmentWish) => ({
  user: wish.username,
  mode: wish.mode,
  is_active: true,
  course_details: { course_id: wish.courseId },
  enrollment_attributes: [
    attribute('order', 'order_number', wish.orderNumber),
    attribute('order', 'order_placed', posixSeconds(wish.placedAt)),
    ...(wish.creditProvider === undefined ? [] : [attribute('credit', 'provider_id', wish.creditProvider)]),
  ],
  ...(wish.emailOptIn !== undefined && { email_opt_in: wish.emailOptIn }),
})

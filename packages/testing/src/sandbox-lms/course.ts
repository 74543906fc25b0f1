/** A mode in which learners may take a course run ("seat" elsewhere). */
export interface SandboxMode {
  readonly slug: string
  readonly name: string
  /** Major units, an integer, as the LMS keeps it. */
  readonly minPrice: number
  /** Lower case, as the LMS keeps it. */
  readonly currency: string
  /** ISO 8601; after it the mode is expired. `null`: never. */
  readonly expiresAt: string | null
  readonly sku: string | null
}

/** A course run with everything that decides whether a learner may enroll. */
export interface SandboxCourse {
  /** `course-v1:Org+Course+Run`. */
  readonly id: string
  readonly name: string
  readonly modes: readonly SandboxMode[]
  /** ISO 8601 or `null` for no limit; so are the three below. */
  readonly enrollmentStart: string | null
  readonly enrollmentEnd: string | null
  readonly courseStart: string | null
  readonly courseEnd: string | null
  readonly inviteOnly: boolean
  readonly selfPaced: boolean
  /** The most active enrollments; `null` for no limit, 0 for a course that is full from the start. */
  readonly maxEnrollments: number | null
  /** Every learner but staff is blocked by country: 403 with `user_message_url`. */
  readonly embargoed: boolean
  /** A plugin refuses in the view (`CourseEnrollmentViewStarted.PreventEnrollment`): 400, on every path. */
  readonly vetoed: boolean
  /** A plugin refuses to enroll (`EnrollmentNotAllowed`): 403 with this message, on the add path. `null`: no plugin. */
  readonly refusal: string | null
}

/** What a caller of the sandbox must say of a course; the rest has the values of an ordinary open course. */
export type SandboxCourseInput = Pick<SandboxCourse, 'id'> & Partial<SandboxCourse>

/** What a caller of the sandbox must say of a mode; the rest: free, in US dollars, never expiring, without SKU. */
export type SandboxModeInput = Pick<SandboxMode, 'slug'> & Partial<SandboxMode>

/** A mode from the few facts that matter. */
export function mode(input: SandboxModeInput): SandboxMode {
  const name = input.slug.charAt(0).toUpperCase() + input.slug.slice(1).replaceAll('-', ' ')
  return { name, minPrice: 0, currency: 'usd', expiresAt: null, sku: null, ...input }
}

/** What the LMS offers where a course has no mode (left): `COURSE_MODE_DEFAULTS`. */
const defaultMode = mode({ slug: 'audit' })

/** The modes on offer at a time; a course without any has the default one, as in `CourseMode.modes_for_course`. */
export function modesAt(course: SandboxCourse, now: number, includeExpired: boolean): readonly SandboxMode[] {
  const found = includeExpired
    ? course.modes
    : course.modes.filter((each) => each.expiresAt === null || Date.parse(each.expiresAt) >= now)
  return found.length > 0 ? found : [defaultMode]
}

/** The mode of an enrollment that asks for none: audit if on offer, else honor, else audit. */
export function defaultModeSlug(course: SandboxCourse, now: number): string {
  const slugs = modesAt(course, now, false).map((each) => each.slug)
  return !slugs.includes('audit') && slugs.includes('honor') ? 'honor' : 'audit'
}

/** Whether a learner may not enroll by the dates or because the course is by invitation (`is_enrollment_closed`). */
export function isClosed(course: SandboxCourse, now: number): boolean {
  if (course.inviteOnly) return true
  if (course.enrollmentStart !== null && now < Date.parse(course.enrollmentStart)) return true
  return course.enrollmentEnd !== null && now > Date.parse(course.enrollmentEnd)
}

function renderedMode(each: SandboxMode): Record<string, unknown> {
  return {
    slug: each.slug,
    name: each.name,
    min_price: each.minPrice,
    suggested_prices: '',
    currency: each.currency,
    expiration_datetime: each.expiresAt,
    description: null,
    sku: each.sku,
    bulk_sku: null,
  }
}

/** `course_details` of the enrollment API (interop section 1). */
export function courseDetails(
  course: SandboxCourse,
  now: number,
  includeExpired = false,
): Record<string, unknown> {
  return {
    course_id: course.id,
    course_name: course.name,
    enrollment_start: course.enrollmentStart,
    enrollment_end: course.enrollmentEnd,
    course_start: course.courseStart,
    course_end: course.courseEnd,
    invite_only: course.inviteOnly,
    course_modes: modesAt(course, now, includeExpired).map(renderedMode),
    pacing_type: course.selfPaced ? 'Self Paced' : 'Instructor Paced',
  }
}

/** The list of `GET /api/course_modes/v1/courses/{course_id}/`: every mode, expired ones too. */
export function courseModes(course: SandboxCourse): Record<string, unknown>[] {
  return course.modes.map((each) => ({
    course_id: course.id,
    mode_slug: each.slug,
    mode_display_name: each.name,
    min_price: each.minPrice,
    currency: each.currency,
    expiration_datetime: each.expiresAt,
    expiration_datetime_is_explicit: each.expiresAt !== null,
    description: null,
    sku: each.sku,
    bulk_sku: null,
  }))
}

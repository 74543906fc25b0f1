import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Catalogue } from './catalogue.ts'
import { readEnrollmentRequest } from './enrollment-request.ts'
import { decideEnrollment } from './enrollments.ts'
import { Ledger } from './ledger.ts'
import type { EnrollmentDecision, EnrollmentState } from './enrollment.ts'
import type { Caller } from './user.ts'

const demo = 'course-v1:edX+DemoX+Demo_Course'
const timed = 'course-v1:edX+TimedX+2026'
const single = 'course-v1:edX+SingleX+2026'
const ends = Date.parse('2026-06-01T00:00:00Z')
const before = ends - 1000
const after = ends + 1000
const order = { namespace: 'order', name: 'order_number', value: 'EDX-100001' }

function world() {
  const catalogue = new Catalogue({
    courses: [
      { id: timed, enrollmentEnd: '2026-06-01T00:00:00Z' },
      { id: single, maxEnrollments: 1 },
    ],
  })
  const ledger = new Ledger()
  const state: EnrollmentState = {
    user: (name) => catalogue.user(name),
    userByEmail: (email) => catalogue.userByEmail(email),
    course: (id) => catalogue.course(id),
    enrollment: (user, id) => ledger.enrollment(user, id),
    activeEnrollments: (id) => ledger.activeEnrollments(id),
  }
  const known = (name: string) => catalogue.user(name) ?? null
  const callers = {
    staff: { user: known('staff'), hasApiKey: false },
    alice: { user: known('alice'), hasApiKey: false },
    key: { user: null, hasApiKey: true },
  }
  function decide(body: unknown, caller: Caller = callers.staff, now = before): EnrollmentDecision {
    const request = readEnrollmentRequest(body)
    return decideEnrollment(state, { caller, request, now, origin: 'http://lms.example' })
  }
  function post(body: unknown, caller?: Caller, now?: number) {
    const decision = decide(body, caller, now)
    if (decision.change) ledger.apply(decision.change)
    return { status: decision.answer.status, body: decision.answer.body, change: decision.change }
  }
  return { ...callers, ledger, decide, post }
}

function body(course: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { user: 'bob', mode: 'verified', is_active: true, course_details: { course_id: course }, ...fields }
}

describe('who may enroll whom', () => {
  it('answers 404 without a body to a learner who acts for another, by name or by address', () => {
    const { post, alice } = world()
    expect(post(body(demo, { mode: 'audit' }), alice)).toMatchObject({ status: 404, body: '' })
    const byEmail = { mode: 'audit', email: 'bob@example.com', course_details: { course_id: demo } }
    expect(post(byEmail, alice)).toMatchObject({ status: 404, body: '' })
  })

  it('answers 403 to a learner who asks for a paid mode, and lets the free ones pass', () => {
    const { post, alice } = world()
    const paid = post(body(demo, { user: 'alice' }), alice)
    expect(paid.status).toBe(403)
    expect(JSON.parse(paid.body)).toEqual({
      message: 'User does not have permission to create enrollment with mode [verified].',
    })
    expect(post(body(demo, { user: 'alice', mode: 'honor' }), alice).status).toBe(200)
  })

  it('enrolls the caller where neither user nor email is named', () => {
    const { post, alice, ledger } = world()
    expect(post({ course_details: { course_id: demo } }, alice).status).toBe(200)
    expect(ledger.enrollment('alice', demo)).toMatchObject({ mode: 'audit', isActive: true })
  })

  it('finds the learner by address for staff and for the API key, and prefers the user name', () => {
    const { post, staff, key, ledger } = world()
    const byEmail = (email: string) => ({ mode: 'verified', email, course_details: { course_id: demo } })
    expect(post(byEmail('carol@example.com'), key).status).toBe(200)
    expect(ledger.enrollment('carol', demo)?.mode).toBe('verified')
    expect(post(body(demo, { email: 'dave@example.com' }), staff).status).toBe(200)
    expect(ledger.enrollment('dave', demo)).toBeUndefined()
    expect(ledger.enrollment('bob', demo)?.mode).toBe('verified')
  })

  it('answers 406 for an unknown user, an unknown address, and nobody at all', () => {
    const { post, key } = world()
    expect(JSON.parse(post(body(demo, { user: 'nobody' })).body)).toEqual({
      message: 'The user nobody does not exist.',
    })
    const byEmail = post({ email: 'x@example.com', course_details: { course_id: demo } }, key)
    expect(JSON.parse(byEmail.body)).toEqual({
      message: 'The user with the email address x@example.com does not exist.',
    })
    const statuses = [
      post(body(demo, { user: 'nobody' })).status,
      byEmail.status,
      post({ course_details: { course_id: demo } }, key).status,
    ]
    expect(statuses).toEqual([406, 406, 406])
  })
})

describe('what is refused', () => {
  it.each([
    [{}, 'Course ID must be specified to create a new enrollment.'],
    [{ course_details: 'x' }, 'Course ID must be specified to create a new enrollment.'],
    [body('no-course'), "No course 'no-course' found for enrollment"],
    [body('course-v1:edX+Unknown+1'), "No course 'course-v1:edX+Unknown+1' found for enrollment"],
    [body(demo, { is_active: 'true' }), "'true' is an invalid enrollment activation status."],
    [body(demo, { is_active: 1 }), "'1' is an invalid enrollment activation status."],
    [body(demo, { force_enrollment: 'yes' }), "'yes' is an invalid force enrollment status."],
    [
      body(demo, { mode: 'paid-bootcamp' }),
      `The [paid-bootcamp] course mode is expired or otherwise unavailable for course run [${demo}].`,
    ],
    [
      body(demo, { mode: 'credit', enrollment_attributes: [order] }),
      "Missing enrollment attributes: requested mode=credit required attributes=['credit:provider_id']",
    ],
    [
      body('course-v1:edX+VetoX+2026'),
      "An error occurred while creating the new course enrollment for user 'bob' in course 'course-v1:edX+VetoX+2026'",
    ],
  ])('400: %j', (sent, text) => {
    const answered = world().post(sent)
    expect(answered).toMatchObject({ status: 400, change: null })
    expect(JSON.parse(answered.body)).toMatchObject({ message: text })
  })

  it.each(['ClosedX+2020', 'FullX+2026', 'InviteX+2026', 'FutureX+2099'])(
    '400 for a new enrollment in %s',
    (name) => {
      const answered = world().post(body(`course-v1:edX+${name}`))
      expect(answered).toMatchObject({ status: 400, change: null })
      expect(answered.body).toContain('An error occurred while creating the new course enrollment')
    },
  )

  it('403 by embargo with a link, and by a plugin with a message', () => {
    const { post } = world()
    const embargoed = post(body('course-v1:edX+EmbargoX+2026'))
    expect(embargoed.status).toBe(403)
    expect(JSON.parse(embargoed.body)).toEqual({
      message: "Users from this location cannot access the course 'course-v1:edX+EmbargoX+2026'.",
      user_message_url: 'http://lms.example/embargo/blocked-message/enrollment/default/',
    })
    const refused = post(body('course-v1:edX+RefusedX+2026'))
    expect(refused.status).toBe(403)
    expect(JSON.parse(refused.body)).toHaveProperty('localizedMessage', 'A plugin refuses this enrollment.')
  })

  it('lets learners who are staff pass an embargo and a closed enrollment', () => {
    const { post } = world()
    expect(post(body('course-v1:edX+EmbargoX+2026', { user: 'staff' })).status).toBe(200)
    expect(post(body('course-v1:edX+ClosedX+2020', { user: 'staff' })).status).toBe(200)
    expect(post(body('course-v1:edX+FullX+2026', { user: 'staff' })).status).toBe(400)
  })

  it('accepts credit with its provider, and leaving credit without attributes', () => {
    const { post } = world()
    const provider = { namespace: 'credit', name: 'provider_id', value: 'hogwarts' }
    const credit = body(demo, { mode: 'credit', enrollment_attributes: [order, provider] })
    expect(post(credit).status).toBe(200)
    expect(
      post(body(demo, { mode: 'credit', is_active: false, enrollment_attributes: [order] })).status,
    ).toBe(400)
    expect(post(body(demo, { mode: 'credit', is_active: false })).status).toBe(200)
  })
})

describe('semantics that bite', () => {
  it('1: an identical retry after the enrollment end is 400, a change of an existing row is not', () => {
    const { post, staff, ledger } = world()
    expect(post(body(timed), staff, before).status).toBe(200)
    expect(post(body(timed), staff, before)).toMatchObject({ status: 200, change: null })
    expect(post(body(timed), staff, after).status).toBe(400)
    expect(post(body(timed, { mode: 'honor' }), staff, after).status).toBe(200)
    expect(post(body(timed, { mode: 'honor', is_active: false }), staff, after).status).toBe(200)
    expect(post(body(timed, { mode: 'honor', is_active: true }), staff, after).status).toBe(200)
    expect(ledger.enrollment('bob', timed)).toMatchObject({ mode: 'honor', isActive: true })
  })

  it('1: an identical retry in a course that is full by now is 400 too', () => {
    const { post } = world()
    expect(post(body(single)).status).toBe(200)
    expect(post(body(single, { user: 'carol' })).status).toBe(400)
    expect(post(body(single)).status).toBe(400)
    expect(post(body(single, { is_active: false })).status).toBe(200)
    expect(post(body(single, { user: 'carol' })).status).toBe(200)
  })

  it('1: a learner never takes the update path: asking for honor while verified changes nothing', () => {
    const { post, alice, ledger } = world()
    post(body(demo, { user: 'alice' }))
    expect(post(body(demo, { user: 'alice', mode: 'honor' }), alice)).toMatchObject({
      status: 200,
      change: null,
    })
    expect(ledger.enrollment('alice', demo)?.mode).toBe('verified')
  })

  it('2: attributes sent to an enrollment that is already so are not stored; those of a change are', () => {
    const { post, ledger } = world()
    post(body(demo, { enrollment_attributes: [order] }))
    const other = { ...order, value: 'EDX-100002' }
    post(body(demo, { enrollment_attributes: [other] }))
    expect(ledger.enrollment('bob', demo)?.attributes).toEqual([order])
    post(body(demo, { mode: 'honor', enrollment_attributes: [other] }))
    expect(ledger.enrollment('bob', demo)?.attributes).toEqual([other])
    const placed = { ...order, name: 'order_placed' }
    post(body(demo, { enrollment_attributes: [placed] }))
    expect(ledger.enrollment('bob', demo)?.attributes).toEqual([other, placed])
  })

  it('3: leaving needs the current mode', () => {
    const { post, ledger } = world()
    post(body(demo))
    const wrong = post(body(demo, { mode: 'audit', is_active: false }))
    expect(wrong.status).toBe(400)
    expect(JSON.parse(wrong.body)).toEqual({
      message: "Enrollment mode mismatch: active mode=verified, requested mode=audit. Won't deactivate.",
    })
    expect(post(body(demo, { is_active: false })).status).toBe(200)
    expect(ledger.enrollment('bob', demo)).toMatchObject({ mode: 'verified', isActive: false })
  })

  it('3: deactivating where there is no row, or once more, enrolls and deactivates: two writes', () => {
    const { post, ledger } = world()
    expect(post(body(demo, { is_active: false })).change?.writes).toBe(2)
    expect(post(body(demo, { is_active: false })).change?.writes).toBe(2)
    expect(ledger.effect('bob', demo)).toMatchObject({ effects: 4, isActive: false })
  })

  it('4: a changed mode without is_active leaves the row inactive', () => {
    const { post, ledger, staff } = world()
    post(body(demo))
    post(body(demo, { is_active: false }), staff, after)
    expect(ledger.enrollment('bob', demo)?.created).toBe(new Date(before).toISOString())
    post({ user: 'bob', mode: 'honor', course_details: { course_id: demo } })
    expect(ledger.enrollment('bob', demo)).toMatchObject({ mode: 'honor', isActive: false })
    post(body(demo, { mode: 'honor', is_active: true }))
    expect(ledger.enrollment('bob', demo)).toMatchObject({ mode: 'honor', isActive: true })
  })

  it('5: email_opt_in is that of the caller', () => {
    const { post, key } = world()
    expect(post(body(demo, { email_opt_in: true })).change?.optIn).toEqual({
      username: 'staff',
      org: 'edX',
      value: true,
    })
    expect(post(body(demo, { email_opt_in: true })).change).toBeNull()
    expect(post(body(demo, { user: 'carol', email_opt_in: true }), key).change?.optIn).toBeNull()
  })
})

describe('expired modes and force', () => {
  const expired = 'course-v1:edX+ExpiredX+2026'

  it('lets only the API key move a row into an expired mode, and nobody a new learner', () => {
    const { post, staff, key } = world()
    expect(post(body(expired), key).status).toBe(400)
    expect(post(body(expired, { mode: 'audit' }), key).status).toBe(200)
    expect(post(body(expired), staff).status).toBe(400)
    expect(post(body(expired), key).status).toBe(200)
    expect(post(body(expired, { is_active: false }), staff).status).toBe(200)
    expect(post(body(expired, { is_active: true }), staff).status).toBe(400)
    expect(post(body(expired, { user: 'dave', is_active: false }), staff).change?.writes).toBe(2)
  })

  it('forces for global staff alone: past the end and into an expired mode, but not into a full course', () => {
    const { post, staff, key, alice } = world()
    const forced = { force_enrollment: true }
    expect(post(body('course-v1:edX+ClosedX+2020', forced), key).status).toBe(400)
    const own = { ...forced, user: 'alice', mode: 'audit' }
    expect(post(body('course-v1:edX+ClosedX+2020', own), alice).status).toBe(400)
    expect(post(body('course-v1:edX+ClosedX+2020', forced), staff).status).toBe(200)
    expect(post(body(expired, forced), staff).status).toBe(200)
    expect(post(body('course-v1:edX+FullX+2026', forced), staff).status).toBe(400)
  })
})

describe('malformed attributes', () => {
  it('500 without a name and nothing done; 400 without a value, and yet enrolled', () => {
    const { post, ledger } = world()
    expect(post(body(demo, { enrollment_attributes: [{ namespace: 'order' }] }))).toMatchObject({
      status: 500,
      change: null,
    })
    const late = post(body(demo, { enrollment_attributes: [{ namespace: 'order', name: 'order_number' }] }))
    expect(late.status).toBe(400)
    expect(ledger.enrollment('bob', demo)).toMatchObject({ isActive: true, attributes: [] })
  })
})

describe('whatever is sent', () => {
  const field = {
    user: fc.constantFrom('bob', 'carol', 'nobody'),
    course_id: fc.constantFrom(demo, timed, single),
  }
  const anyBody = fc.record({
    user: field.user,
    mode: fc.constantFrom('audit', 'honor', 'verified', 'credit', 'nonsense'),
    is_active: fc.constantFrom(true, false, null, 'yes'),
    course_details: fc.record({ course_id: field.course_id }),
  })

  it('only a 200 changes anything, and active rows are counted right', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { maxLength: 30 }), (bodies) => {
        const { post, ledger } = world()
        for (const each of bodies) {
          const { status, change } = post(each)
          if (status !== 200) expect(change).toBeNull()
        }
        for (const course of [demo, timed, single]) {
          const active = ledger.effects().filter((each) => each.courseId === course && each.isActive)
          expect(ledger.activeEnrollments(course)).toBe(active.length)
        }
      }),
    )
  })

  it('who reads first and sends only what differs is never told no in an open course, and needs one write', () => {
    const wanted = fc.record({ mode: fc.constantFrom('audit', 'honor', 'verified'), isActive: fc.boolean() })
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 10 }), (wishes) => {
        const { post, ledger } = world()
        for (const wish of wishes) {
          const row = ledger.enrollment('bob', demo)
          if (wish.isActive ? row?.isActive && row.mode === wish.mode : !row?.isActive) continue
          const mode = wish.isActive ? wish.mode : row?.mode
          const { status, change } = post(body(demo, { mode, is_active: wish.isActive }))
          expect([status, change?.writes]).toEqual([200, 1])
          expect(ledger.enrollment('bob', demo)).toMatchObject({ mode, isActive: wish.isActive })
        }
      }),
    )
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { startSandboxLms } from './server.ts'
import { as, demo, enroll, send, withKey } from './spec-client.ts'
import type { SandboxLms } from './server.ts'

const timed = 'course-v1:edX+TimedX+2026'
const ends = Date.parse('2026-06-01T00:00:00Z')
const staffed = { ...withKey }
const orderOf = (value: string) => [{ namespace: 'order', name: 'order_number', value }]

let now = 0
let lms: SandboxLms
let api = ''

beforeAll(async () => {
  lms = await startSandboxLms({
    now: () => now,
    throttle: false,
    courses: [{ id: timed, enrollmentEnd: '2026-06-01T00:00:00Z' }],
  })
  api = `${lms.url}/api`
})
afterAll(() => lms.close())
beforeEach(() => {
  now = ends - 60_000
  lms.reset()
})

const post = (fields: Record<string, unknown> = {}, headers: Record<string, string> = staffed) =>
  enroll(lms.url, fields, headers)
const effect = (user = 'bob', courseId = demo) =>
  lms.effects().find((each) => each.user === user && each.courseId === courseId)

describe('POST enrollment: the status table', () => {
  it('200: created, updated, and already so', async () => {
    const created = await post()
    expect(created.status).toBe(200)
    expect(created.headers['content-type']).toBe('application/json')
    expect(created.json).toMatchObject({
      created: '2026-05-31T23:59:00.000Z',
      mode: 'verified',
      is_active: true,
      user: 'bob',
      course_details: { course_id: demo, course_name: 'Open edX Demo Course', pacing_type: 'Self Paced' },
    })
    expect(await post({ mode: 'honor' })).toMatchObject({ status: 200, json: { mode: 'honor' } })
    expect(await post({ mode: 'honor' })).toMatchObject({ status: 200, json: { mode: 'honor' } })
    expect(effect()).toMatchObject({ mode: 'honor', effects: 2, calls: 3 })
  })

  it.each([
    [{ course_details: {} }, 'Course ID must be specified to create a new enrollment.'],
    [
      { course_details: { course_id: 'course-v1:No+Such+Run' } },
      "No course 'course-v1:No+Such+Run' found for enrollment",
    ],
    [{ mode: 'nonsense' }, 'The [nonsense] course mode is expired or otherwise unavailable for course run'],
    [
      { course_details: { course_id: 'course-v1:edX+ExpiredX+2026' } },
      'The [verified] course mode is expired',
    ],
    [{ mode: 'credit' }, 'Missing enrollment attributes: requested mode=credit required attributes='],
    [
      { course_details: { course_id: 'course-v1:edX+ClosedX+2020' } },
      'An error occurred while creating the new',
    ],
    [
      { course_details: { course_id: 'course-v1:edX+FullX+2026' } },
      'An error occurred while creating the new',
    ],
    [
      { course_details: { course_id: 'course-v1:edX+InviteX+2026' } },
      'An error occurred while creating the new',
    ],
    [
      { course_details: { course_id: 'course-v1:edX+VetoX+2026' } },
      'An error occurred while creating the new',
    ],
    [{ is_active: 'true' }, "'true' is an invalid enrollment activation status."],
  ])('400: %j', async (fields, text) => {
    expect(await post(fields)).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining(text) },
    })
  })

  it('400: leaving with a mode that is not the current one', async () => {
    await post()
    const message = "Enrollment mode mismatch: active mode=verified, requested mode=audit. Won't deactivate."
    expect(await post({ mode: 'audit', is_active: false })).toMatchObject({ status: 400, json: { message } })
    expect(effect()).toMatchObject({ mode: 'verified', isActive: true, effects: 1 })
  })

  it('400, 413: no body, and one that is too long', async () => {
    const url = `${api}/enrollment/v1/enrollment`
    const none = await send(url, { method: 'POST', headers: withKey })
    expect(none).toMatchObject({
      status: 400,
      json: { message: 'Course ID must be specified to create a new enrollment.' },
    })
    const long = await send(url, { method: 'POST', headers: withKey, body: { user: 'x'.repeat(1_100_000) } })
    expect(long.status).toBe(413)
  })

  it('400 and 415: a body that is no JSON', async () => {
    const url = `${api}/enrollment/v1/enrollment`
    const type = { 'content-type': 'application/json' }
    const broken = await send(url, { method: 'POST', headers: { ...withKey, ...type }, body: '{"user":' })
    expect(broken).toMatchObject({
      status: 400,
      json: { detail: expect.stringMatching(/^JSON parse error - /) },
    })
    const text = await send(url, {
      method: 'POST',
      headers: { ...withKey, 'content-type': 'text/plain' },
      body: 'x',
    })
    expect(text).toMatchObject({
      status: 415,
      json: { detail: 'Unsupported media type "text/plain" in request.' },
    })
  })

  it('401: nobody, an unknown token, and an expired one even beside the API key', async () => {
    const anonymous = await post({}, {})
    expect(anonymous).toMatchObject({
      status: 401,
      json: { detail: 'Authentication credentials were not provided.' },
    })
    expect(anonymous.headers['www-authenticate']).toBe('JWT realm="api"')
    expect((await post({}, { authorization: 'JWT nonsense' })).status).toBe(401)
    expect((await post({}, { authorization: 'Bearer nonsense' })).status).toBe(401)
    const token = as('staff', now)
    expect((await post({}, token)).status).toBe(200)
    now += 3_600_000
    expect((await post({}, { ...token, ...withKey })).status).toBe(401)
  })

  it('403: a mode that is not permitted, an embargo, and a plugin', async () => {
    expect(await post({ user: 'alice' }, as('alice', now))).toMatchObject({
      status: 403,
      json: { message: 'User does not have permission to create enrollment with mode [verified].' },
    })
    const embargoed = await post({ course_details: { course_id: 'course-v1:edX+EmbargoX+2026' } })
    expect(embargoed).toMatchObject({
      status: 403,
      json: { user_message_url: expect.stringContaining(`${lms.url}/embargo/`) },
    })
    const refused = await post({ course_details: { course_id: 'course-v1:edX+RefusedX+2026' } })
    expect(refused).toMatchObject({ status: 403, json: { message: 'A plugin refuses this enrollment.' } })
  })

  it('200 for the caller where no user is named, counted as a call about the caller', async () => {
    const course_details = { course_id: demo }
    const url = `${api}/enrollment/v1/enrollment`
    const own = await send(url, { method: 'POST', headers: as('alice', now), body: { course_details } })
    expect(own.json).toMatchObject({ user: 'alice', mode: 'audit' })
    expect(effect('alice')).toMatchObject({ effects: 1, calls: 1 })
  })

  it('404 without a body: no permission to act for another', async () => {
    const refused = await post({ mode: 'audit' }, as('alice', now))
    expect(refused).toMatchObject({ status: 404, text: '' })
    expect(refused.headers['content-type']).toBeUndefined()
  })

  it('406: nobody of that name or address', async () => {
    expect(await post({ user: 'nobody' })).toMatchObject({
      status: 406,
      json: { message: 'The user nobody does not exist.' },
    })
    expect(await post({ user: '', email: 'no@example.com' })).toMatchObject({
      status: 406,
      json: { message: 'The user with the email address no@example.com does not exist.' },
    })
  })
})

describe('semantics that bite', () => {
  const inTimed = { course_details: { course_id: timed } }

  it('1: an identical retry after the end is 400, a changed row is not, and reading first tells them apart', async () => {
    expect((await post(inTimed)).status).toBe(200)
    now = ends + 1
    expect((await post(inTimed)).status).toBe(400)
    const read = await send(`${api}/enrollment/v1/enrollment/bob,${timed}`, { headers: withKey })
    expect(read.json).toMatchObject({ mode: 'verified', is_active: true })
    expect((await post({ ...inTimed, is_active: false })).status).toBe(200)
    expect((await post({ ...inTimed, mode: 'honor', is_active: true })).status).toBe(200)
  })

  it('2: attributes sent when already enrolled are not stored', async () => {
    await post({ enrollment_attributes: orderOf('EDX-1') })
    await post({ enrollment_attributes: orderOf('EDX-2') })
    const stored = await send(`${lms.url}/_sandbox/attributes/bob,${demo}`)
    expect(stored.json).toEqual(orderOf('EDX-1'))
    expect(effect()).toMatchObject({ effects: 1, calls: 2, lastOrderNumber: 'EDX-2' })
  })

  it('3: leaving without a row enrolls and deactivates, which counts twice', async () => {
    expect((await post({ is_active: false })).json).toMatchObject({ is_active: false })
    expect(effect()).toMatchObject({ isActive: false, effects: 2 })
  })

  it('4: without is_active: true a deactivated row whose mode changes stays inactive', async () => {
    await post()
    await post({ is_active: false })
    expect((await post({ mode: 'honor', is_active: null })).json).toMatchObject({
      mode: 'honor',
      is_active: false,
    })
    expect((await post({ mode: 'honor' })).json).toMatchObject({ mode: 'honor', is_active: true })
  })

  it('5: email_opt_in lands on the calling account', async () => {
    await post({ email_opt_in: true }, as('mesh_worker', now))
    const caller = await send(`${lms.url}/_sandbox/accounts/mesh_worker`)
    expect(caller.json).toMatchObject({ emailOptIns: { edX: true } })
    const learner = await send(`${lms.url}/_sandbox/accounts/bob`)
    expect(learner.json).toHaveProperty('emailOptIns', {})
    lms.reset()
    expect((await send(`${lms.url}/_sandbox/accounts/mesh_worker`)).json).toHaveProperty('emailOptIns', {})
  })
})

describe('GET enrollment', () => {
  it('is JSON null where there is none', async () => {
    const none = await send(`${api}/enrollment/v1/enrollment/bob,${demo}`, { headers: withKey })
    expect(none).toMatchObject({ status: 200, text: 'null' })
  })

  it('takes a plus as a plus, and percent-encoded forms of everything', async () => {
    await post()
    for (const form of [
      `bob,${demo}`,
      encodeURIComponent(`bob,${demo}`),
      `bob,${encodeURIComponent(demo)}`,
    ]) {
      const found = await send(`${api}/enrollment/v1/enrollment/${form}`, { headers: withKey })
      expect(found.json).toMatchObject({ user: 'bob', course_details: { course_id: demo } })
    }
  })

  it('hides others from learners: 404 without a body', async () => {
    const hidden = await send(`${api}/enrollment/v1/enrollment/bob,${demo}`, { headers: as('alice', now) })
    expect(hidden).toMatchObject({ status: 404, text: '' })
    const own = await send(`${api}/enrollment/v1/enrollment/${demo}`, { headers: as('bob', now) })
    expect(own).toMatchObject({ status: 200, text: 'null' })
  })

  it('lists active enrollments, of strangers none', async () => {
    await post()
    await post({ course_details: { course_id: timed } })
    await post({ course_details: { course_id: timed }, is_active: false })
    const list = (headers: Record<string, string>) =>
      send(`${api}/enrollment/v1/enrollment?user=bob`, { headers })
    expect((await list(withKey)).json).toEqual([expect.objectContaining({ user: 'bob', mode: 'verified' })])
    expect((await list(as('bob', now))).json).toHaveLength(1)
    expect((await list(as('alice', now))).json).toEqual([])
  })
})

describe('courses', () => {
  it('shows a course to anybody, expired modes on request', async () => {
    const url = `${api}/enrollment/v1/course/course-v1:edX+ExpiredX+2026`
    expect((await send(url)).json).toMatchObject({ course_modes: [{ slug: 'audit' }] })
    const all = await send(`${url}?include_expired=1`)
    expect(all.json).toMatchObject({
      course_modes: [{ slug: 'audit' }, { slug: 'verified', min_price: 149 }],
    })
    expect(await send(`${api}/enrollment/v1/course/course-v1:No+Such+Run`)).toMatchObject({
      status: 400,
      json: { message: "No course found for course ID 'course-v1:No+Such+Run'" },
    })
  })

  it('lists course modes for staff only; an unknown course has none', async () => {
    const url = `${api}/course_modes/v1/courses/${demo}/`
    const found = await send(url, { headers: as('staff', now) })
    expect(found.json).toContainEqual(
      expect.objectContaining({ course_id: demo, mode_slug: 'verified', min_price: 149, currency: 'usd' }),
    )
    expect((await send(url, { headers: withKey })).status).toBe(401)
    expect((await send(url, { headers: as('alice', now) })).status).toBe(403)
    const unknown = `${api}/course_modes/v1/courses/course-v1:No+Such+Run/`
    expect((await send(unknown, { headers: as('staff', now) })).json).toEqual([])
  })
})

describe('accounts', () => {
  const get = (query: string, headers = as('staff', now)) =>
    send(`${api}/user/v1/accounts${query}`, { headers })

  it('finds by id, names and address, as a list', async () => {
    const alice = { id: 4, username: 'alice', email: 'alice@example.com', is_active: true }
    expect((await get('?lms_user_id=4')).json).toEqual([expect.objectContaining(alice)])
    expect((await get('?email=alice%40example.com')).json).toEqual([expect.objectContaining(alice)])
    expect((await get('?username=alice,nobody,bob')).json).toEqual([
      expect.objectContaining({ id: 4 }),
      expect.objectContaining({ id: 5 }),
    ])
    expect((await get('')).json).toEqual([expect.objectContaining({ username: 'staff' })])
  })

  it.each(['?lms_user_id=999', '?email=no@example.com', '?username=nobody'])(
    '404 without a body: %s',
    async (query) => {
      expect(await get(query)).toMatchObject({ status: 404, text: '' })
    },
  )

  it('400 without a body for an id that is no integer', async () => {
    expect(await get('?lms_user_id=abc')).toMatchObject({ status: 400, text: '' })
  })

  it('needs a user, and staff for ids and addresses', async () => {
    expect((await get('?username=alice', withKey)).status).toBe(401)
    expect((await get('?lms_user_id=5', as('alice', now))).status).toBe(403)
    expect((await get('?email=bob@example.com', as('alice', now))).status).toBe(403)
    const [bob] = (await get('?username=bob', as('alice', now))).json as [Record<string, unknown>]
    expect(Object.keys(bob)).toEqual(['username', 'profile_image', 'account_privacy'])
  })

  it('deactivates for staff by taking the password away; is_active stays', async () => {
    const off = (name: string, headers: Record<string, string>) =>
      send(`${api}/user/v1/accounts/${name}/deactivate/`, { method: 'POST', headers })
    expect((await off('bob', as('alice', now))).status).toBe(403)
    expect(await off('bob', as('staff', now))).toMatchObject({
      status: 200,
      json: { username: 'bob', is_active: true },
    })
    expect((await send(`${lms.url}/_sandbox/accounts/bob`)).json).toMatchObject({ isDeactivated: true })
    expect((await off('nobody', as('staff', now))).status).toBe(500)
  })
})

describe('tokens', () => {
  const ask = (form: Record<string, string>) => {
    const client = { grant_type: 'client_credentials', client_id: 'mesh', client_secret: 'mesh-secret' }
    const body = new URLSearchParams({ ...client, ...form }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return send(`${lms.url}/oauth2/access_token`, { method: 'POST', headers, body })
  }

  it.each([
    ['jwt', 'JWT'],
    ['bearer', 'Bearer'],
  ])('issues a %s that enrolls others until it expires', async (type, scheme) => {
    const { status, json } = await ask({ token_type: type })
    expect([status, json]).toMatchObject([200, { expires_in: 3600, token_type: scheme }])
    const authorization = `${scheme} ${(json as { access_token: string }).access_token}`
    expect((await post({}, { authorization })).status).toBe(200)
    now += 3_600_001
    expect((await post({}, { authorization })).status).toBe(401)
  })

  it('refuses a bad client', async () => {
    expect(await ask({ client_secret: 'wrong' })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    })
  })
})

describe('paths', () => {
  it.each([
    '/',
    '/api/enrollment/v1/enrollment/',
    `/api/enrollment/v1/enrollment/bob,${demo}/`,
    '/api/enrollment/v1/enrollment/bob,nonsense',
    '/api/user/v1/accounts/bob/deactivate',
  ])('404 with what exists: %s', async (path) => {
    const missing = await send(`${lms.url}${path}`, { headers: withKey })
    expect(missing.status).toBe(404)
    expect(missing.json).toMatchObject({
      endpoints: expect.arrayContaining(['POST /api/enrollment/v1/enrollment']),
    })
  })

  it('405 with what is allowed, 400 for broken percent encoding', async () => {
    const wrong = await send(`${api}/enrollment/v1/enrollment`, { method: 'DELETE', headers: withKey })
    expect(wrong).toMatchObject({ status: 405, json: { detail: 'Method "DELETE" not allowed.' } })
    expect(wrong.headers.allow).toBe('POST, GET')
    expect((await send(`${api}/enrollment/v1/enrollment/%zz`)).status).toBe(400)
  })
})

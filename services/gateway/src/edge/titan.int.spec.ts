import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MeshError } from '@commerce-mesh/mesh'
import { signDemoJwt } from '../auth/demo-jwt.ts'
import { type Fixture, openFixture } from './edge-fixture.ts'

/** The example of the Coordinator's own tests. */
const REQUEST = {
  course_id: 'course-v1:edX+DemoX+Demo_Course',
  course_mode: 'verified',
  order_placed: 1_681_738_233,
  edx_lms_user_id: 4,
  email_opt_in: 0,
  order_number: '61ec1afa-1b0e-4234-ae28-f997728054fa',
}
const SECRET = 'a-shared-secret-of-the-lms'

let gateway: Fixture
let staff: string

beforeEach(async () => {
  gateway = await openFixture({ jwt: { secret: SECRET }, rateLimit: { perSecond: 0.01, burst: 20 } })
  staff = await token({ staff: true })
})

afterEach(() => gateway.close())

const token = ({ staff: isStaff, ...more }: { staff: boolean; lifetimeSeconds?: number; now?: number }) =>
  signDemoJwt(SECRET, { username: 'titan', lmsUserId: 9, staff: isStaff }, { now: gateway.time, ...more })

const post = async (body: unknown = REQUEST, headers: Record<string, string> = {}) => {
  const response = await fetch(`${gateway.url}/titan/fulfill/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `JWT ${staff}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
}

describe('POST /titan/fulfill/', () => {
  it('answers as the 2023 Coordinator, with the event id as task id, once the order is durable', async () => {
    const { status, headers, body } = await post()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/json')
    expect(body).toEqual({
      fulfill_order_placed_send_enroll_in_course: { response: gateway.published[0]?.id, error: false },
    })
    expect(gateway.published[0]).toMatchObject({
      type: 'order.submitted.v1',
      data: {
        orderNumber: '61ec1afa-1b0e-4234-ae28-f997728054fa',
        placedAt: '2023-04-17T13:30:33.000Z',
        submittedBy: 'lms:titan',
        channel: 'titan',
        learner: { lmsUserId: 4 },
        currency: null,
        total: null,
        lines: [
          {
            lineId: REQUEST.course_id,
            kind: 'seat',
            courseId: REQUEST.course_id,
            mode: 'verified',
            price: null,
          },
        ],
        payment: { status: 'captured', provider: 'titan', reference: null },
        emailOptIn: false,
      },
    })
  })

  it('carries the credit provider, and takes the numbers of other backends', async () => {
    await post({
      ...REQUEST,
      course_mode: 'credit',
      provider: 'asu',
      order_number: 'EDX-100001',
      email_opt_in: true,
      order_placed: '1681738233.5',
    })
    expect(gateway.published[0]?.data).toMatchObject({
      orderNumber: 'EDX-100001',
      placedAt: '2023-04-17T13:30:33.500Z',
      lines: [{ mode: 'credit', creditProvider: 'asu' }],
      emailOptIn: true,
    })
  })

  it('makes the same event of the same request', async () => {
    expect((await post()).body).toEqual((await post()).body)
  })

  it('also takes Bearer, and a path without its last slash', async () => {
    const response = await fetch(`${gateway.url}/titan/fulfill`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${staff}` },
      body: JSON.stringify(REQUEST),
    })
    expect(response.status).toBe(200)
  })

  it('answers 401 to the anonymous, 403 to others than staff', async () => {
    const anonymous = await post(REQUEST, { authorization: '' })
    expect(anonymous).toMatchObject({
      status: 401,
      body: { detail: 'Authentication credentials were not provided.' },
    })
    expect(anonymous.headers.get('www-authenticate')).toBe('JWT realm="api"')
    expect(await post(REQUEST, { authorization: `JWT ${await token({ staff: false })}` })).toMatchObject({
      status: 403,
      body: { detail: 'You do not have permission to perform this action.' },
    })
  })

  it('names what is wrong with a token in the words of the framework', async () => {
    const expired = await token({ staff: true, now: gateway.time - 7_200_000 })
    expect((await post(REQUEST, { authorization: `JWT ${expired}` })).body).toEqual({
      detail: 'Token has expired.',
    })
    expect((await post(REQUEST, { authorization: `JWT ${staff}x` })).body).toEqual({
      detail: 'Invalid token.',
    })
    expect((await post(REQUEST, { authorization: 'JWT nonsense' })).body).toEqual({
      detail: 'Error decoding token.',
    })
  })

  it('looks at credentials before the body, as the framework does', async () => {
    expect((await post('{', { authorization: '' })).status).toBe(401)
    expect(
      (
        await post('x', {
          'content-type': 'text/plain',
          authorization: `JWT ${await token({ staff: false })}`,
        })
      ).status,
    ).toBe(403)
  })

  it.each([
    ['text/plain', 'Unsupported media type "text/plain" in request.'],
    [
      'application/x-www-form-urlencoded',
      'Unsupported media type "application/x-www-form-urlencoded" in request.',
    ],
  ])('answers 415 to %s', async (type, detail) => {
    expect(await post('course_id=x', { 'content-type': type })).toMatchObject({
      status: 415,
      body: { detail },
    })
  })

  it('lists errors by internal names', async () => {
    const { course_id: _left, ...rest } = REQUEST
    expect(await post({ ...rest, order_placed: 'bad_date' })).toMatchObject({
      status: 400,
      body: { course_id: ['This field may not be null.'], date_placed: ['A valid number is required.'] },
    })
    expect((await post({ ...REQUEST, order_placed: null })).body).toEqual({
      date_placed: ['This field may not be null.'],
    })
    expect(await post('{"course_id":')).toMatchObject({
      status: 400,
      body: { detail: 'JSON parse error - Expecting value: line 1 column 14 (char 13)' },
    })
  })

  it.each([
    ['course_id', { course_id: 'demo' }],
    ['course_mode', { course_mode: 'Verified!' }],
    ['edx_lms_user_id', { edx_lms_user_id: 0 }],
    ['order_number', { order_number: 'EDX 1' }],
  ])('refuses under %s what the Coordinator let through to fail later: %j', async (name, change) => {
    const { status, body } = await post({ ...REQUEST, ...change })
    expect([status, Object.keys(body as object)]).toEqual([400, [name]])
    expect(gateway.published).toEqual([])
  })

  it('never answers 200 while the bus is down: 503 with Retry-After', async () => {
    gateway.onPublish = () => Promise.reject(new MeshError('MESH_BUS_UNAVAILABLE', 'the disk is full'))
    const { status, headers, body } = await post()
    expect([status, headers.get('retry-after')]).toEqual([503, '5'])
    expect(body).toEqual({ detail: 'Service temporarily unavailable, try again later.' })
  })

  it('answers other methods and too many requests in the words of the framework', async () => {
    const response = await fetch(`${gateway.url}/titan/fulfill/`)
    expect([response.status, response.headers.get('allow'), await response.json()]).toEqual([
      405,
      'POST',
      { detail: 'Method "GET" not allowed.' },
    ])
    const answers = []
    for (let index = 0; index < 21; index += 1) answers.push(await post({}))
    expect(answers.at(-1)).toMatchObject({
      status: 429,
      body: { detail: 'Request was throttled. Expected available in 100 seconds.' },
    })
  })
})

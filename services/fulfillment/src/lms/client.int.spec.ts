import { describe, expect, it } from '@jest/globals'
import { call, connect, DEMO, TRACEPARENT, withLms } from './client.fixture.ts'

const wish = {
  username: 'alice',
  courseId: DEMO,
  mode: 'verified',
  orderNumber: 'EDX-100001',
  placedAt: '2026-01-02T03:04:05Z',
}
const tokenCalls = (calls: { path: string }[]) => calls.filter(({ path }) => path === '/oauth2/access_token')
const granted = { verdict: 'granted' }

describe('an enrollment in the LMS', () => {
  it('is made and read back', () =>
    withLms({}, async ({ lms, client }) => {
      await expect(client.readEnrollment('alice', DEMO, call())).resolves.toEqual({
        verdict: 'known',
        value: null,
      })
      await expect(client.writeEnrollment(wish, call())).resolves.toEqual(granted)
      await expect(client.readEnrollment('alice', DEMO, call())).resolves.toEqual({
        verdict: 'known',
        value: { mode: 'verified', isActive: true },
      })
      expect(lms.effects()).toMatchObject([
        {
          user: 'alice',
          courseId: DEMO,
          mode: 'verified',
          isActive: true,
          effects: 1,
          calls: 1,
          lastOrderNumber: 'EDX-100001',
        },
      ])
    }))

  it('for credit names the provider, without which the LMS refuses it', () =>
    withLms({}, async ({ client }) => {
      const credit = { ...wish, mode: 'credit' }
      await expect(client.writeEnrollment(credit, call())).resolves.toMatchObject({
        code: 'MESH_LMS_CREDIT_PROVIDER_MISSING',
      })
      await expect(client.writeEnrollment({ ...credit, creditProvider: 'asu' }, call())).resolves.toEqual(
        granted,
      )
    }))

  it.each([
    ['ClosedX+2020', 'permanent', 'MESH_LMS_ENROLLMENT_REFUSED'],
    ['FutureX+2099', 'permanent', 'MESH_LMS_ENROLLMENT_REFUSED'],
    ['FullX+2026', 'permanent', 'MESH_LMS_ENROLLMENT_REFUSED'],
    ['InviteX+2026', 'permanent', 'MESH_LMS_ENROLLMENT_REFUSED'],
    ['ExpiredX+2026', 'permanent', 'MESH_LMS_MODE_UNAVAILABLE'],
    ['EmbargoX+2026', 'permanent', 'MESH_LMS_EMBARGOED'],
    ['RefusedX+2026', 'permanent', 'MESH_LMS_FORBIDDEN'],
    ['NoSuchX+2026', 'permanent', 'MESH_LMS_COURSE_UNKNOWN'],
  ])('in %s: %s %s', (course, verdict, code) =>
    withLms({}, async ({ client }) => {
      const answer = await client.writeEnrollment({ ...wish, courseId: `course-v1:edX+${course}` }, call())
      expect(answer).toMatchObject({ verdict, code })
    }),
  )

  it('of a learner whom the LMS does not know is permanent, in words that name nobody', () =>
    withLms({}, async ({ client }) => {
      const answer = await client.writeEnrollment({ ...wish, username: 'mallory' }, call())
      expect(answer).toMatchObject({ verdict: 'permanent', code: 'MESH_LMS_LEARNER_UNKNOWN' })
      expect(JSON.stringify(answer)).not.toContain('mallory')
    }))

  it('with an API key may be made in an expired mode, and is never throttled', () =>
    withLms(
      { sandbox: { throttle: { staffPerMinute: 0 } }, client: { apiKey: 'mesh-api-key' } },
      async ({ client }) => {
        const expired = { ...wish, courseId: 'course-v1:edX+ExpiredX+2026' }
        await expect(client.writeEnrollment({ ...expired, mode: 'audit' }, call())).resolves.toEqual(granted)
        await expect(client.writeEnrollment(expired, call())).resolves.toEqual(granted)
      },
    ))

  it('without rights for others is permanent', () =>
    withLms(
      { sandbox: { users: [{ username: 'mesh_worker', id: 2, isStaff: false }] } },
      async ({ client }) => {
        await expect(client.readEnrollment('alice', DEMO, call())).resolves.toMatchObject({
          code: 'MESH_LMS_NO_PERMISSION',
        })
        await expect(client.writeEnrollment(wish, call())).resolves.toMatchObject({
          code: 'MESH_LMS_NO_PERMISSION',
        })
        await expect(client.findUsername({ lmsUserId: 4 }, call())).resolves.toMatchObject({
          code: 'MESH_LMS_FORBIDDEN',
        })
      },
    ))
})

describe('an account', () => {
  it('is found by id and by email', () =>
    withLms(
      { sandbox: { users: [{ username: 'plus', id: 50, email: 'a+b@example.com' }] } },
      async ({ client }) => {
        await expect(client.findUsername({ lmsUserId: 4 }, call())).resolves.toEqual({
          verdict: 'known',
          value: 'alice',
        })
        await expect(client.findUsername({ email: 'a+b@example.com' }, call())).resolves.toEqual({
          verdict: 'known',
          value: 'plus',
        })
      },
    ))

  it('that does not exist is permanent', () =>
    withLms({}, async ({ client }) => {
      await expect(client.findUsername({ lmsUserId: 999 }, call())).resolves.toMatchObject({
        code: 'MESH_LMS_LEARNER_UNKNOWN',
      })
    }))
})

describe('the token', () => {
  it('is fetched once for 50 calls at once', () =>
    withLms({}, async ({ lms, client }) => {
      const reads = await Promise.all(
        Array.from({ length: 50 }, () => client.readEnrollment('alice', DEMO, call())),
      )
      expect(reads.every(({ verdict }) => verdict === 'known')).toBe(true)
      expect(tokenCalls(lms.calls())).toHaveLength(1)
    }))

  it('is replaced before it expires', async () => {
    const clock = { ms: Date.now() }
    const now = () => clock.ms
    await withLms(
      { sandbox: { now, tokenLifetimeSeconds: 600 }, now: () => new Date(now()) },
      async ({ lms, client }) => {
        await client.readEnrollment('alice', DEMO, call())
        clock.ms += 541_000
        await client.readEnrollment('alice', DEMO, call())
        expect(lms.calls().map(({ status }) => status)).toEqual([200, 200, 200, 200])
        expect(tokenCalls(lms.calls())).toHaveLength(2)
      },
    )
  })

  it('that expired by the LMS’s clock only is replaced once, and the call goes through', async () => {
    const clock = { ahead: 0 }
    await withLms({ sandbox: { now: () => Date.now() + clock.ahead } }, async ({ lms, client }) => {
      await client.readEnrollment('alice', DEMO, call())
      clock.ahead = 7_200_000
      const reads = await Promise.all(
        Array.from({ length: 16 }, () => client.readEnrollment('alice', DEMO, call())),
      )
      expect(reads.every(({ verdict }) => verdict === 'known')).toBe(true)
      expect(tokenCalls(lms.calls())).toHaveLength(2)
    })
  })

  it('is replaced after one 401, and an effect is still made once', () =>
    withLms({}, async ({ lms, client }) => {
      lms.setFaults({
        rules: [{ match: { method: 'POST', path: '/api/enrollment' }, fault: '401', times: 1 }],
      })
      await expect(client.writeEnrollment(wish, call())).resolves.toEqual(granted)
      expect(lms.effects()).toMatchObject([{ effects: 1, calls: 2 }])
      expect(tokenCalls(lms.calls())).toHaveLength(2)
    }))

  it('that the LMS never accepts holds the orders back', () =>
    withLms({}, async ({ lms, client }) => {
      lms.setFaults({ rules: [{ match: { path: '/api/enrollment' }, fault: '401' }] })
      await expect(client.writeEnrollment(wish, call())).resolves.toMatchObject({
        verdict: 'transient',
        code: 'MESH_LMS_UNAUTHORIZED',
        scope: 'dependency',
      })
      expect(lms.effects()).toMatchObject([{ effects: 0, calls: 2 }])
    }))

  it('that a wrong secret does not bring holds the orders back', () =>
    withLms({ client: { clientSecret: 'wrong' } }, async ({ lms, client }) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => client.writeEnrollment(wish, call())))
      expect(new Set(answers.map((answer) => ('code' in answer ? answer.code : '')))).toEqual(
        new Set(['MESH_LMS_CLIENT_REFUSED']),
      )
      expect(answers[0]).toMatchObject({ verdict: 'transient', scope: 'dependency', afterMs: 30_000 })
      expect(lms.calls().map(({ path }) => path)).toEqual(['/oauth2/access_token'])
    }))

  it('that the address’s rate limit does not bring holds the orders back', () =>
    withLms({ sandbox: { throttle: { tokensPerMinute: 0 } } }, async ({ client }) => {
      await expect(client.writeEnrollment(wish, call())).resolves.toMatchObject({
        code: 'MESH_LMS_TOKEN_LIMITED',
        scope: 'dependency',
      })
    }))
})

describe('an LMS in trouble', () => {
  it.each([
    [
      '429',
      { fault: '429', retryAfterSeconds: 17 },
      { code: 'MESH_LMS_THROTTLED', scope: 'dependency', afterMs: 17_000 },
    ],
    ['500', { fault: '500' }, { code: 'MESH_LMS_ERROR', scope: 'record' }],
    [
      '503',
      { fault: '503', retryAfterSeconds: 120 },
      { code: 'MESH_LMS_UNAVAILABLE', scope: 'dependency', afterMs: 120_000 },
    ],
    ['a reset', { fault: 'reset' }, { code: 'MESH_LMS_UNAVAILABLE', scope: 'dependency' }],
    ['a broken answer', { fault: 'malformed' }, { code: 'MESH_LMS_ANSWER_UNEXPECTED', scope: 'record' }],
    ['a slow answer', { fault: 'slow', delayMs: 60_000 }, { code: 'MESH_LMS_TIMEOUT', scope: 'dependency' }],
  ] as const)('%s is transient', (_name, rule, verdict) =>
    withLms({ client: { requestTimeoutMs: 250 } }, async ({ lms, client }) => {
      lms.setFaults({ rules: [{ match: { method: 'POST', path: '/api/enrollment' }, ...rule }] })
      await expect(client.writeEnrollment(wish, call())).resolves.toEqual({
        verdict: 'transient',
        reason: expect.any(String),
        ...verdict,
      })
    }),
  )

  it('is told apart from one that throttles us in earnest', () =>
    withLms({ sandbox: { throttle: { staffPerMinute: 2 } } }, async ({ client }) => {
      await client.readEnrollment('alice', DEMO, call())
      await client.readEnrollment('alice', DEMO, call())
      const third = await client.readEnrollment('alice', DEMO, call())
      expect(third).toMatchObject({ code: 'MESH_LMS_THROTTLED', scope: 'dependency' })
      expect('afterMs' in third && third.afterMs).toBeGreaterThan(50_000)
    }))

  it('that is not there at all is an outage, also for the token', async () => {
    const { client } = connect('http://127.0.0.1:1')
    await expect(client.readEnrollment('alice', DEMO, call())).resolves.toMatchObject({
      code: 'MESH_LMS_UNAVAILABLE',
      scope: 'dependency',
      reason: 'No connection to the LMS (ECONNREFUSED).',
    })
    await client.close()
  })

  it('is told by the reason when the attempt itself ended first', () =>
    withLms({}, async ({ lms, client }) => {
      await client.readEnrollment('alice', DEMO, call())
      lms.setFaults({ rules: [{ fault: 'slow', delayMs: 60_000 }] })
      const attempt = AbortSignal.timeout(50)
      await expect(client.writeEnrollment(wish, call(attempt))).resolves.toMatchObject({
        code: 'MESH_HANDLER_DEADLINE',
        scope: 'record',
      })
    }))
})

describe('every call', () => {
  it('carries the trace, is counted and timed, and names nobody in the metrics', () =>
    withLms({}, async ({ lms, client, metrics }) => {
      await client.findUsername({ email: 'alice@example.com' }, call())
      await client.readEnrollment('alice', DEMO, call())
      lms.setFaults({ rules: [{ match: { method: 'POST' }, fault: 'reset' }] })
      await client.writeEnrollment(wish, call())
      expect(lms.calls().filter(({ traceparent }) => traceparent === TRACEPARENT)).toHaveLength(3)
      const text = await metrics.text()
      expect(text).toContain('mesh_lms_requests_total{operation="token",status="200"} 1')
      expect(text).toContain('mesh_lms_requests_total{operation="find-account",status="200"} 1')
      expect(text).toContain(
        'mesh_lms_requests_total{operation="write-enrollment",status="MESH_LMS_UNAVAILABLE"} 1',
      )
      expect(text).toContain('mesh_lms_request_seconds_count{operation="read-enrollment"} 1')
      expect(text).not.toContain('alice')
    }))

  it('waits its turn, reads too, and the wait does not count as the call’s time', () =>
    withLms(
      { client: { requestTimeoutMs: 150, rateLimit: { perMinute: 1_200, burst: 1 } } },
      async ({ client }) => {
        const start = performance.now()
        const reads = await Promise.all(
          Array.from({ length: 8 }, () => client.readEnrollment('alice', DEMO, call())),
        )
        expect(reads.every(({ verdict }) => verdict === 'known')).toBe(true)
        expect(performance.now() - start).toBeGreaterThanOrEqual(340)
      },
    ))
})

import { CATALOGUE } from '@commerce-mesh/mesh'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Answer } from './answer.ts'
import { classify } from './classify.ts'
import type { Trouble } from './verdict.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const asked = { courseId: 'course-v1:edX+DemoX+Demo_Course', mode: 'verified' }
const answer = (status: number, body: unknown = '', headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const says = (message: string) => ({ message })

describe('an answer to an enrollment', () => {
  it('200 with the enrollment as asked: granted', () => {
    const body = { created: '2026-01-01T00:00:00Z', mode: 'verified', is_active: true, user: 'alice' }
    expect(classify(answer(200, body), asked, NOW)).toEqual({ verdict: 'granted' })
  })

  // Interop section 1, the status table, row by row: what the LMS really says.
  it.each<[string, Answer, string]>([
    [
      'no course id',
      answer(400, says('Course ID must be specified to create a new enrollment.')),
      'COURSE_UNKNOWN',
    ],
    [
      'no course',
      answer(400, says("No course 'course-v1:edX+DemoX+Demo_Course' found for enrollment")),
      'COURSE_UNKNOWN',
    ],
    [
      'mode expired',
      answer(
        400,
        says(
          'The [verified] course mode is expired or otherwise unavailable for course run [course-v1:edX+DemoX+Demo_Course].',
        ),
      ),
      'MODE_UNAVAILABLE',
    ],
    [
      'mode mismatch, which only an unenroll can meet',
      answer(
        400,
        says("Enrollment mode mismatch: active mode=audit, requested mode=verified. Won't deactivate."),
      ),
      'REQUEST_REFUSED',
    ],
    [
      'credit without provider',
      answer(
        400,
        says('Missing enrollment attributes: requested mode=credit required attributes=[credit:provider_id]'),
      ),
      'CREDIT_PROVIDER_MISSING',
    ],
    [
      'closed, full, invite-only',
      answer(
        400,
        says("An error occurred while creating the new course enrollment for user 'alice' in course 'x'"),
      ),
      'ENROLLMENT_REFUSED',
    ],
    ['some other 400', answer(400, { detail: 'JSON parse error' }), 'REQUEST_REFUSED'],
    [
      'mode not permitted',
      answer(403, says('User does not have permission to create enrollment with mode [verified].')),
      'FORBIDDEN',
    ],
    [
      'embargo',
      answer(403, { message: 'Users from this location…', user_message_url: '/embargo/blocked/' }),
      'EMBARGOED',
    ],
    ['enrollment not allowed', answer(403, says('A plugin refuses this enrollment.')), 'FORBIDDEN'],
    ['no permission', answer(404), 'NO_PERMISSION'],
    ['no such user', answer(406, says('The user alice does not exist.')), 'LEARNER_UNKNOWN'],
    [
      'no such email',
      answer(406, says('The user with the email address a@b.c does not exist.')),
      'LEARNER_UNKNOWN',
    ],
    ['a status nobody expects', answer(418, { detail: 'teapot' }), 'REQUEST_REFUSED'],
  ])('%s: permanent', (_row, given, code) => {
    expect(classify(given, asked, NOW)).toEqual({
      verdict: 'permanent',
      code: `MESH_LMS_${code}`,
      reason: expect.any(String),
    })
  })

  it.each<[string, Answer, string, 'record' | 'dependency', number | undefined]>([
    [
      '401 with a fresh token',
      answer(401, { detail: 'Token has expired.' }),
      'UNAUTHORIZED',
      'dependency',
      undefined,
    ],
    ['429', answer(429, { detail: 'Request was throttled.' }), 'THROTTLED', 'dependency', undefined],
    ['429 with seconds', answer(429, '', { 'retry-after': '17' }), 'THROTTLED', 'dependency', 17_000],
    [
      '429 with a date',
      answer(429, '', { 'retry-after': 'Sun, 01 Mar 2026 12:01:00 GMT' }),
      'THROTTLED',
      'dependency',
      60_000,
    ],
    ['408', answer(408), 'TIMEOUT', 'dependency', undefined],
    ['500', answer(500, '<h1>Server Error (500)</h1>'), 'ERROR', 'record', undefined],
    ['502', answer(502, '<html>'), 'UNAVAILABLE', 'dependency', undefined],
    [
      '503 with Retry-After',
      answer(503, '<html>', { 'retry-after': '120' }),
      'UNAVAILABLE',
      'dependency',
      120_000,
    ],
    ['504', answer(504), 'UNAVAILABLE', 'dependency', undefined],
    ['a CDN’s 521', answer(521), 'UNAVAILABLE', 'dependency', undefined],
    [
      'a redirect',
      answer(301, '', { location: 'https://elsewhere.example' }),
      'ANSWER_UNEXPECTED',
      'dependency',
      undefined,
    ],
    [
      'a page with 200',
      answer(200, '\n<!doctype html><title>Maintenance</title>'),
      'ANSWER_UNEXPECTED',
      'dependency',
      undefined,
    ],
    [
      'a firewall’s page with 403',
      answer(403, '<html>Blocked</html>'),
      'ANSWER_UNEXPECTED',
      'dependency',
      undefined,
    ],
    [
      'another server’s page with 404',
      answer(404, '<html>Not Found</html>'),
      'ANSWER_UNEXPECTED',
      'dependency',
      undefined,
    ],
    [
      '200 that breaks off',
      answer(200, '{"created": "2026-01-01T00:00:00Z", "mode": "ver'),
      'ANSWER_UNEXPECTED',
      'record',
      undefined,
    ],
    ['200 without a body', answer(200), 'ANSWER_UNEXPECTED', 'record', undefined],
    ['200 null', answer(200, 'null'), 'ANSWER_UNEXPECTED', 'record', undefined],
    [
      '200 in another mode',
      answer(200, { mode: 'audit', is_active: true }),
      'ANSWER_UNEXPECTED',
      'record',
      undefined,
    ],
    [
      '200, but not active',
      answer(200, { mode: 'verified', is_active: false }),
      'ANSWER_UNEXPECTED',
      'record',
      undefined,
    ],
  ])('%s: transient', (_row, given, code, scope, afterMs) => {
    expect(classify(given, asked, NOW)).toEqual({
      verdict: 'transient',
      code: `MESH_LMS_${code}`,
      scope,
      reason: expect.any(String),
      ...(afterMs !== undefined && { afterMs }),
    })
  })

  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'No course',
      'Missing enrollment attributes',
      'An error occurred while creating the new course enrollment',
    ),
  )
  const bodies = fc.oneof(
    texts.map((text) => `${text} ß-alice-ß`),
    texts.map((text) =>
      JSON.stringify({ message: `${text} ß-alice-ß found for enrollment`, user: 'ß-alice-ß' }),
    ),
    fc.json(),
  )

  it('has an opinion about everything, in our own words, and agrees with the catalogue about what is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), bodies, (status, body) => {
        const verdict = classify(answer(status, body), asked, NOW)
        if (verdict.verdict === 'granted') return
        const trouble: Trouble = verdict
        expect(trouble.reason).not.toContain('ß-alice-ß')
        expect(CATALOGUE[trouble.code].retryable).toBe(trouble.verdict === 'transient')
      }),
    )
  })
})

import { describe, expect, it } from '@jest/globals'
import type { Answer } from './answer.ts'
import { readAccountsAnswer, readEnrollmentAnswer } from './read-answers.ts'

const answer = (status: number, body: unknown = ''): Answer => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('an answer to the question for an enrollment', () => {
  it('is the enrollment, or null where there is none', () => {
    const row = {
      created: '2026-01-01T00:00:00Z',
      mode: 'audit',
      is_active: false,
      user: 'alice',
      course_details: {},
    }
    expect(readEnrollmentAnswer(answer(200, row), 0)).toEqual({
      verdict: 'known',
      value: { mode: 'audit', isActive: false },
    })
    expect(readEnrollmentAnswer(answer(200, 'null'), 0)).toEqual({ verdict: 'known', value: null })
  })

  it.each([
    ['404: no permission', answer(404), 'permanent', 'MESH_LMS_NO_PERMISSION'],
    ['403', answer(403, { detail: 'no' }), 'permanent', 'MESH_LMS_FORBIDDEN'],
    [
      '400',
      answer(400, { message: 'An error occurred while retrieving enrollments for user alice' }),
      'permanent',
      'MESH_LMS_REQUEST_REFUSED',
    ],
    ['401', answer(401), 'transient', 'MESH_LMS_UNAUTHORIZED'],
    ['500', answer(500), 'transient', 'MESH_LMS_ERROR'],
    ['a page', answer(200, '<html>'), 'transient', 'MESH_LMS_ANSWER_UNEXPECTED'],
    ['something else', answer(200, { is_active: 'yes' }), 'transient', 'MESH_LMS_ANSWER_UNEXPECTED'],
    ['broken JSON', answer(200, '{"mode":'), 'transient', 'MESH_LMS_ANSWER_UNEXPECTED'],
  ])('%s', (_row, given, verdict, code) => {
    expect(readEnrollmentAnswer(given, 0)).toMatchObject({ verdict, code })
  })
})

describe('an answer to the question for an account', () => {
  it('is its username', () => {
    expect(readAccountsAnswer(answer(200, [{ id: 4, username: 'alice', email: 'a@b.c' }]), 0)).toEqual({
      verdict: 'known',
      value: 'alice',
    })
  })

  it.each([
    ['404', answer(404), 'permanent', 'MESH_LMS_LEARNER_UNKNOWN'],
    ['an empty list', answer(200, []), 'permanent', 'MESH_LMS_LEARNER_UNKNOWN'],
    ['403', answer(403, { detail: 'no' }), 'permanent', 'MESH_LMS_FORBIDDEN'],
    ['400', answer(400), 'permanent', 'MESH_LMS_REQUEST_REFUSED'],
    ['503', answer(503), 'transient', 'MESH_LMS_UNAVAILABLE'],
    [
      'two accounts',
      answer(200, [{ username: 'alice' }, { username: 'bob' }]),
      'transient',
      'MESH_LMS_ANSWER_UNEXPECTED',
    ],
    ['no list', answer(200, { username: 'alice' }), 'transient', 'MESH_LMS_ANSWER_UNEXPECTED'],
  ])('%s', (_row, given, verdict, code) => {
    expect(readAccountsAnswer(given, 0)).toMatchObject({ verdict, code })
  })
})

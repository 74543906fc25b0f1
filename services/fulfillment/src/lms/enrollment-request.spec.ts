import { describe, expect, it } from '@jest/globals'
import { enrollmentBody, enrollmentPath, posixSeconds } from './enrollment-request.ts'

const wish = {
  username: 'alice',
  courseId: 'course-v1:Org+C+R',
  mode: 'verified',
  orderNumber: 'EDX-100001',
  placedAt: '2023-04-17T13:30:33Z',
}

describe('the enrollment request', () => {
  it('is the one of interop section 1', () => {
    expect(enrollmentBody(wish)).toEqual({
      user: 'alice',
      mode: 'verified',
      is_active: true,
      course_details: { course_id: 'course-v1:Org+C+R' },
      enrollment_attributes: [
        { namespace: 'order', name: 'order_number', value: 'EDX-100001' },
        { namespace: 'order', name: 'order_placed', value: '1681738233.0' },
      ],
    })
  })

  it('names the credit provider and the opt-in where they are wished', () => {
    const body = enrollmentBody({ ...wish, mode: 'credit', creditProvider: 'asu', emailOptIn: false })
    expect(body.enrollment_attributes[2]).toEqual({ namespace: 'credit', name: 'provider_id', value: 'asu' })
    expect(body).toMatchObject({ mode: 'credit', email_opt_in: false })
  })

  it.each([
    ['2023-04-17T13:30:33Z', '1681738233.0'],
    ['2023-04-17T15:30:33+02:00', '1681738233.0'],
    ['2023-04-17T13:30:33.250Z', '1681738233.25'],
    ['1970-01-01T00:00:00Z', '0.0'],
  ])('writes %s as %s', (instant, seconds) => {
    expect(posixSeconds(instant)).toBe(seconds)
  })

  it.each([
    ['alice', 'course-v1:Org+C+R', '/api/enrollment/v1/enrollment/alice,course-v1:Org+C+R'],
    ['alice', 'Org/C/R', '/api/enrollment/v1/enrollment/alice,Org/C/R'],
    [
      'a b?#%/é',
      'course-v1:O+C+R?x=1',
      '/api/enrollment/v1/enrollment/a%20b%3F%23%25%2F%C3%A9,course-v1:O+C+R%3Fx%3D1',
    ],
    ['a\ud800', 'O\udc00/C/R', '/api/enrollment/v1/enrollment/a%EF%BF%BD,O%EF%BF%BD/C/R'],
  ])('asks for %s in %s at its path', (username, courseId, path) => {
    expect(enrollmentPath(username, courseId)).toBe(path)
  })
})

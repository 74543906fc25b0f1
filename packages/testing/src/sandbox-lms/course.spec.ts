import { describe, expect, it } from '@jest/globals'
import { Catalogue } from './catalogue.ts'
import { parseCourseKey } from './course-key.ts'
import { courseDetails, courseModes, defaultModeSlug, isClosed, mode, modesAt } from './course.ts'
import type { SandboxCourseInput } from './course.ts'

const now = Date.parse('2026-06-01T00:00:00Z')

function course(fields: Partial<SandboxCourseInput> = {}) {
  const id = 'course-v1:Org+C+R'
  const found = new Catalogue({ courses: [{ id, ...fields }] }).course(id)
  if (!found) throw new Error('not in the catalogue')
  return found
}

describe('parseCourseKey', () => {
  it.each(['course-v1:Org+C+R', 'Org/C/R', 'course-v1:Örg+C.1+R-2~x'])('reads %s', (text) => {
    expect(parseCourseKey(text)).not.toBeNull()
  })

  it.each([
    '',
    'Org',
    'course-v1:Org+C',
    'course-v1:Org+C+R+X',
    'course-v1:Org C R',
    'Org+C+R',
    'course-v1:O+C+R/x',
  ])('does not read %j', (text) => {
    expect(parseCourseKey(text)).toBeNull()
  })
})

describe('modes', () => {
  const expired = mode({ slug: 'verified', expiresAt: '2026-05-31T23:59:59Z' })

  it('leaves expired modes out unless they are asked for', () => {
    const modes = [mode({ slug: 'audit' }), expired]
    expect(modesAt(course({ modes }), now, false).map((each) => each.slug)).toEqual(['audit'])
    expect(modesAt(course({ modes }), now, true).map((each) => each.slug)).toEqual(['audit', 'verified'])
  })

  it('offers audit where nothing is left', () => {
    expect(modesAt(course({ modes: [expired] }), now, false).map((each) => each.slug)).toEqual(['audit'])
    expect(modesAt(course({ modes: [] }), now, true).map((each) => each.slug)).toEqual(['audit'])
  })

  it('prefers audit, then honor, for a request without a mode', () => {
    expect(defaultModeSlug(course(), now)).toBe('audit')
    expect(defaultModeSlug(course({ modes: [mode({ slug: 'honor' }), expired] }), now)).toBe('honor')
    expect(defaultModeSlug(course({ modes: [mode({ slug: 'professional' })] }), now)).toBe('audit')
  })
})

describe('isClosed', () => {
  it('is by invitation, before the start and after the end', () => {
    expect(isClosed(course(), now)).toBe(false)
    expect(isClosed(course({ inviteOnly: true }), now)).toBe(true)
    expect(isClosed(course({ enrollmentStart: '2026-06-01T00:00:01Z' }), now)).toBe(true)
    expect(isClosed(course({ enrollmentEnd: '2026-05-31T23:59:59Z' }), now)).toBe(true)
    expect(isClosed(course({ enrollmentEnd: '2026-06-01T00:00:01Z' }), now)).toBe(false)
  })
})

describe('what callers see', () => {
  it('has the fields of interop section 1, prices as integers and the currency in lower case', () => {
    const details = courseDetails(
      course({ modes: [mode({ slug: 'verified', minPrice: 149, sku: 'S1' })] }),
      now,
    )
    expect(Object.keys(details).toSorted()).toEqual([
      'course_end',
      'course_id',
      'course_modes',
      'course_name',
      'course_start',
      'enrollment_end',
      'enrollment_start',
      'invite_only',
      'pacing_type',
    ])
    expect(details['course_modes']).toEqual([
      {
        slug: 'verified',
        name: 'Verified',
        min_price: 149,
        suggested_prices: '',
        currency: 'usd',
        expiration_datetime: null,
        description: null,
        sku: 'S1',
        bulk_sku: null,
      },
    ])
  })

  it('lists expired modes too in the course modes API', () => {
    const expiresAt = '2020-01-01T00:00:00Z'
    expect(courseModes(course({ modes: [mode({ slug: 'verified', expiresAt })] }))).toEqual([
      expect.objectContaining({
        course_id: 'course-v1:Org+C+R',
        mode_slug: 'verified',
        expiration_datetime: expiresAt,
      }),
    ])
  })
})

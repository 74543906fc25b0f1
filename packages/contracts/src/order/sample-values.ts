/** Values that the contracts' examples share. */
export const ORDER_NUMBER = 'EDX-100001'

/** When everything happens in the examples. */
export const INSTANT = '2026-01-02T03:04:05Z'

/** The course run that is bought. */
export const COURSE_ID = 'course-v1:edX+DemoX+Demo_Course'

/** Who buys it. */
export const LEARNER = { lmsUserId: 7, username: 'alice', email: 'alice@example.org' }

/** 149.00 US dollars. */
export const PRICE = { currency: 'USD', total: 14_900 }

/** What is bought. */
export const LINES = [
  { lineId: '1', kind: 'seat' as const, courseId: COURSE_ID, mode: 'verified', price: PRICE.total },
]

/** The key that the measured gateways know. It opens nothing else. */
export const API_KEY = `mesh_${'bench'.repeat(8)}`

/** The body of one order of learner-N, as a storefront would send it. Each prefix is a course of its own, so that no order meets another's enrollment. */
export const orderBody = (prefix: string, nth: number): string =>
  JSON.stringify({
    orderNumber: `${prefix}-${nth}`,
    placedAt: '2026-11-21T12:00:00Z',
    learner: { username: `learner-${nth}`, email: `learner-${nth}@example.com` },
    currency: 'USD',
    total: 14900,
    lines: [
      {
        lineId: '1',
        kind: 'seat',
        courseId: `course-v1:Load+${prefix}+2026`,
        mode: 'verified',
        price: 14900,
      },
    ],
    payment: { status: 'captured', provider: 'invoice', reference: `INV-${nth}` },
  })

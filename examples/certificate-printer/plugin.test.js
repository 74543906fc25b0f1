import { deepEqual, equal } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { orderFulfilled, sampleOf } from '@commerce-mesh/contracts'
import { given } from '@commerce-mesh/testing/given'
import { printCertificates } from './plugin.js'

const order = {
  ...sampleOf(orderFulfilled),
  lines: [
    { lineId: '1', courseId: 'course-v1:edX+DemoX+Demo_Course', mode: 'verified' },
    { lineId: '2', courseId: 'course-v1:edX+MoreX+2026', mode: 'verified' },
  ],
}

/** A printer that answers these statuses, then 201; and what was printed. @param {number[]} statuses */
const printer = (...statuses) => {
  const asked = []
  const handler = printCertificates(async (certificate) => {
    asked.push(certificate)
    return statuses.shift() ?? 201
  })
  return { handler, asked }
}

describe('order.fulfilled', () => {
  it('prints each line on the paper of its route, and says so', async () => {
    const { handler, asked } = printer()
    const then = await given(handler, { printed: [] }).when(order, { options: { paper: 'letter' } })
    equal(then.outcome, 'done')
    deepEqual(
      then.events.map(({ type, data }) => [type, data.lineId]),
      [
        ['certificate.printed.v1', '1'],
        ['certificate.printed.v1', '2'],
      ],
    )
    deepEqual(
      asked.map(({ paper }) => paper),
      ['letter', 'letter'],
    )
  })

  it('waits while the printer is down, and does not print again what is printed', async () => {
    const { handler, asked } = printer(201, 503)
    const first = await given(handler, { printed: [] }).when(order)
    deepEqual([first.outcome, first.scope, first.events], ['retry', 'dependency', []])
    const second = await given(handler, first.state).when(order, { attempt: 2 })
    equal(second.outcome, 'done')
    equal(new Set(asked.map(({ id }) => id)).size, 2)
    equal(asked.length, 3)
  })

  it('needs a person where the printer refuses', async () => {
    const { handler } = printer(422)
    const then = await given(handler, { printed: [] }).when(order)
    deepEqual([then.outcome, then.code], ['dead', 'CERTIFICATES_REFUSED'])
  })
})

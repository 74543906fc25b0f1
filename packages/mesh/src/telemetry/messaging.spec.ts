import { defineEvent } from '@commerce-mesh/contracts'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { isPersonalKey, messageAttributes } from './messaging.ts'

const learner = z.strictObject({ email: z.string(), id: z.int().optional() })

const contract = defineEvent({
  name: 'course.joined',
  version: 1,
  owner: 'shop',
  summary: 'Somebody joined.',
  key: ({ by }) => by,
  personal: ['learner.email', 'learner.id', 'others.*.email'],
  data: z.strictObject({ by: z.string(), learner, others: z.array(learner).default([]) }),
})

const data = { by: 'J-1', learner: { email: 'a@example.org', id: 42 }, others: [{ email: 'b@example.org' }] }

describe('messaging attributes', () => {
  it('name what is known, as the semantic conventions do', () => {
    expect(messageAttributes({ system: 'kafka', operation: 'send', topic: 't' })).toEqual({
      'messaging.system': 'kafka',
      'messaging.operation.type': 'send',
      'messaging.operation.name': 'send',
      'messaging.destination.name': 't',
    })
    expect(
      messageAttributes({
        system: 'kafka',
        operation: 'process',
        topic: 't',
        partition: 0,
        eventId: 'e',
        key: 'k',
      }),
    ).toMatchObject({
      'messaging.destination.partition.id': '0',
      'messaging.message.id': 'e',
      'messaging.kafka.message.key': 'k',
    })
  })
})

describe('a record’s key', () => {
  it('is no personal value where it is an order number', () => {
    expect(isPersonalKey(contract, data, 'J-1')).toBe(false)
  })

  it.each(['a@example.org', '42', 'b@example.org'])(
    'is personal where it is one of the values: %s',
    (key) => {
      expect(isPersonalKey(contract, data, key)).toBe(true)
    },
  )

  it('is looked for in data of any shape', () => {
    for (const odd of [null, 1, 'x', [], {}, { learner: null, others: 'b@example.org' }])
      expect(isPersonalKey(contract, odd, 'J-1')).toBe(false)
  })
})

import { type EventContract, MAX_ATTRIBUTE_LENGTH, SPEC_VERSION } from '@commerce-mesh/contracts'

type Header = Readonly<Record<string, unknown>>

const text = (description: string, more: Header = {}): Header => ({
  type: 'string',
  description,
  ...more,
})

const filled = (description: string): Header =>
  text(description, { minLength: 1, maxLength: MAX_ATTRIBUTE_LENGTH })

const COUNT: Header = { pattern: '^[0-9]{1,9}$' }

/** The record headers of an event in the binary mode of the CloudEvents Kafka binding, as JSON Schema. */
export const headersOf = ({ type }: EventContract) => ({
  type: 'object',
  properties: {
    ce_specversion: text('Version of CloudEvents.', { const: SPEC_VERSION }),
    ce_id: filled('Id of the event: the same for each attempt to send it, so that it counts once.'),
    ce_source: text('Who emits it: `/commerce-mesh/` and a service, or a source that the operator allows.', {
      format: 'uri-reference',
      minLength: 1,
      maxLength: MAX_ATTRIBUTE_LENGTH,
    }),
    ce_type: text('Event type with its major version.', { const: type }),
    ce_subject: filled('The record key once more.'),
    ce_time: text('When the event was made.', { format: 'date-time' }),
    ce_partitionkey: filled('The record key once more, by the name of the CloudEvents extension.'),
    ce_traceparent: text('W3C trace context: what `mesh trace` and telemetry follow.'),
    ce_causationid: filled('Id of the event that caused this one; absent where it came from outside.'),
    ce_hops: text('How many events led to this one; absent where it came from outside.', COUNT),
    ce_spread: text(
      'How many events there are beside this one and with it, where one led to several.',
      COUNT,
    ),
    'content-type': text('Of the value.', { const: 'application/json' }),
  },
  required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'content-type'],
})

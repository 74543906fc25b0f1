import { type CloudEvent, EventFormatError, fromKafka, parseEvent } from '@commerce-mesh/contracts'
import type { HeldRecord } from '../aggregate/document.ts'
import type { BusRecord } from '../bus/bus.ts'
import { isSubject } from '../bus/subject.ts'
import type { Handler } from '../service/handler.ts'

/** A record taken apart, or why it can't be. */
export type Decoded<S> =
  | {
      readonly event: CloudEvent
      readonly key: string
      readonly handler: Handler<S>
      readonly held: HeldRecord
    }
  | {
      readonly refused: 'poison' | 'contract'
      readonly reason: string
      readonly eventId?: string
      readonly eventType?: string
    }

/** Findings of one dead letter; further ones add nothing for the reader. */
const SHOWN_FINDINGS = 20

const explain = (error: EventFormatError): string =>
  error.findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')

/** What the headers say, as far as it can be said again: a header may hold anything, of any length. */
const identityOf = ({ headers: { ce_id: id, ce_type: type } }: BusRecord) => ({
  ...(id !== undefined && isSubject(id) && { eventId: id }),
  ...(type !== undefined && isSubject(type) && { eventType: type }),
})

// A byte order mark stays: what waits must come back as it was.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decodes a record for the handlers of a service, by topic. Never throws: whatever a topic holds, there is an answer. */
export const decode = <S>(record: BusRecord, handlers: ReadonlyMap<string, Handler<S>>): Decoded<S> => {
  const handler = handlers.get(record.topic)
  if (handler === undefined) return { refused: 'contract', reason: `no handler takes ${record.topic}` }
  try {
    const event = parseEvent(handler.contract, fromKafka(record.headers, record.value))
    const key = handler.contract.key(event.data)
    // Nothing could be emitted under such a key, not even the event that announces a dead letter.
    if (!isSubject(key)) {
      return {
        refused: 'contract',
        reason: 'data: its record key can’t be an event’s subject',
        ...identityOf(record),
      }
    }
    const { value, ...place } = record
    return {
      event,
      handler,
      key,
      held: { ...place, eventId: event.id, value: value === null ? null : decoder.decode(value) },
    }
  } catch (thrown) {
    const identity = identityOf(record)
    if (thrown instanceof EventFormatError)
      return { refused: thrown.kind, reason: explain(thrown), ...identity }
    return { refused: 'poison', reason: 'the record could not be decoded', ...identity }
  }
}

const encoder = new TextEncoder()

/** A held record as it came from the bus. */
export const release = ({
  eventId: _id,
  attempts: _attempts,
  trace: _trace,
  value,
  ...place
}: HeldRecord): BusRecord => ({
  ...place,
  value: value === null ? null : encoder.encode(value),
})

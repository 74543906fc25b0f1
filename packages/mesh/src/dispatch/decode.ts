import { type CloudEvent, EventFormatError, fromKafka, parseEvent } from '@commerce-mesh/contracts'
import type { HeldRecord } from '../aggregate/document.ts'
import type { BusRecord } from '../bus/bus.ts'
import type { Handler } from '../service/handler.ts'

/** A record taken apart, or why it can't be. */
export type Decoded<S> =
  | { readonly event: CloudEvent; readonly key: string; readonly handler: Handler<S>; readonly held: HeldRecord }
  | { readonly refused: 'poison' | 'contract'; readonly reason: string; readonly eventId?: string; readonly eventType?: string }

/** Findings of one dead letter; further ones add nothing for the reader. */
const SHOWN_FINDINGS = 20

const explain = (error: EventFormatError): string =>
  error.findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
    .join('; ')

const decoder = new TextDecoder()

/** Decodes a record for the handlers of a service, by topic. Never throws: whatever a topic holds, there is an answer. */
export const decode = <S>(record: BusRecord, handlers: ReadonlyMap<string, Handler<S>>): Decoded<S> => {
  const handler = handlers.get(record.topic)
  if (handler === undefined) return { refused: 'contract', reason: `no handler takes ${record.topic}` }
  try {
    const event = parseEvent(handler.contract, fromKafka(record.headers, record.value))
    const { value, ...place } = record
    return {
      event,
      handler,
      key: handler.contract.key(event.data),
      held: { ...place, eventId: event.id, value: value === null ? null : decoder.decode(value) },
    }
  } catch (thrown) {
    const identity = { ...(record.headers['ce_id'] && { eventId: record.headers['ce_id'] }), ...(record.headers['ce_type'] && { eventType: record.headers['ce_type'] }) }
    if (thrown instanceof EventFormatError) return { refused: thrown.kind, reason: explain(thrown), ...identity }
    return { refused: 'poison', reason: 'the record could not be decoded', ...identity }
  }
}

const encoder = new TextEncoder()

/** A held record as it came from the bus. */
export const release = ({ eventId: _, value, ...place }: HeldRecord): BusRecord => ({
  ...place,
  value: value === null ? null : encoder.encode(value),
})

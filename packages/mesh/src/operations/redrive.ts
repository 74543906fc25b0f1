import { EventFormatError, fromKafka, parseEvent } from '@commerce-mesh/contracts'
import {
  type AggregateDocument,
  type HeldRecord,
  type Waiting,
  emptyDocument,
} from '../aggregate/document.ts'
import { knownId } from '../aggregate/known-id.ts'
import { hasRoom } from '../aggregate/park.ts'
import type { DeadLetter } from '../dead-letter/dead-letter.ts'
import { MeshError } from '../errors/mesh-error.ts'
import type { Service } from '../service/service.ts'
import type { Store } from '../store/store.ts'
import { activeSpan } from '../telemetry/active-span.ts'

/** The record of a dead letter, ready to wait. @throws MeshError MESH_EVENT_POISON, MESH_EVENT_CONTRACT while it is still undecodable. */
const heldRecord = (service: Service<never, never>, letter: DeadLetter): HeldRecord & { key: string } => {
  const { value, ...place } = letter.record
  const bytes = value === null ? null : Buffer.from(value, 'base64')
  const contract = service.consumes.find(({ type }) => type === place.topic)
  try {
    if (contract === undefined)
      throw new MeshError('MESH_EVENT_CONTRACT', `${service.name} does not take ${place.topic}.`)
    const event = parseEvent(contract, fromKafka(place.headers, bytes))
    const link = place.headers['ce_traceparent']
    const parent = activeSpan()?.traceparent
    return {
      ...place,
      // What is done now has little to do with the trace of days ago: its own trace, with a link to that one.
      trace: { ...(link !== undefined && { link }), ...(parent !== undefined && { parent }) },
      key: contract.key(event.data),
      eventId: knownId(event, contract.name),
      value: bytes === null ? null : bytes.toString(),
    }
  } catch (thrown) {
    if (!(thrown instanceof EventFormatError)) throw thrown
    const code = thrown.kind === 'poison' ? 'MESH_EVENT_POISON' : 'MESH_EVENT_CONTRACT'
    throw new MeshError(code, `The record of ${letter.id} still can't be handled: ${letter.reason}.`, {
      action: 'Discard it, and have its producer send a right event.',
    })
  }
}

/** The waiting line with the record at its end: due at once where nobody waits, behind the others where somebody does. */
const lineWith = (
  waiting: Waiting | undefined,
  record: HeldRecord,
  letter: DeadLetter,
  now: number,
): Waiting =>
  waiting === undefined
    ? {
        dueAt: now,
        since: now,
        attempts: letter.attempts,
        code: letter.code,
        reason: 'redriven',
        records: [record],
      }
    : {
        ...waiting,
        records: [
          ...waiting.records.filter((held) => held.eventId !== record.eventId),
          { ...record, attempts: letter.attempts },
        ],
      }

const refuseWhenFull = (waiting: Waiting | undefined, record: HeldRecord, { id, key }: DeadLetter): void => {
  if (waiting === undefined || hasRoom(waiting, record)) return
  throw new MeshError(
    'MESH_WAITING_FULL',
    `${waiting.records.length} records wait behind ${key} already; ${id} stays a dead letter.`,
  )
}

/**
 * Puts a dead record back in front of its handler. Its service takes it up by itself; attempts go on counting.
 * Safe to call again.
 *
 * @throws MeshError MESH_EVENT_POISON, MESH_EVENT_CONTRACT, MESH_WAITING_FULL, MESH_STORE_UNAVAILABLE
 */
export const putInLine = async (
  store: Store,
  service: Service<never, never>,
  letter: DeadLetter,
): Promise<void> => {
  const record = heldRecord(service, letter)
  for (;;) {
    const stored = await store.get<AggregateDocument>(service.name, record.key)
    const document = stored?.body ?? emptyDocument<unknown>(service.initialState())
    const { [record.eventId]: fate, ...inbox } = document.inbox
    // Handled after all (a second producer sent it again): the inbox would be right to drop it.
    if (fate === 'done' || fate === 'suppressed') return
    refuseWhenFull(document.waiting, record, letter)
    const body = { ...document, inbox, waiting: lineWith(document.waiting, record, letter, Date.now()) }
    if ((await store.put(service.name, record.key, body, stored?.version ?? 0)) !== undefined) return
  }
}

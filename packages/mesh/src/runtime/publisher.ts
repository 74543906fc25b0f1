import { type EventContract, toBinary } from '@commerce-mesh/contracts'
import { sealEvent } from '../aggregate/seal.ts'
import type { Bus } from '../bus/bus.ts'
import { failpoint } from '../failpoint/failpoint.ts'
import type { ServiceContext } from '../service/service.ts'
import { errorTypeOf } from '../telemetry/error-type.ts'
import { isPersonalKey, messageAttributes } from '../telemetry/messaging.ts'
import type { Tracer } from '../telemetry/span.ts'

/** How hard the outside presses, over all services of the process. */
export type Intake = {
  /** Callers that wait at this moment until their event is on disk. */
  waiting: number
  /** Until when callers come first (ms, monotonic). */
  busyUntil: number
}

/** More callers than this waiting at once make the intake busy. */
const BUSY = 8

/** Between two commits nobody waits for a moment; the rush is over only when it stays so. */
const CALM_MS = 50

/** Nobody has come yet. */
export const calmIntake = (): Intake => ({ waiting: 0, busyUntil: 0 })

/** Whether callers come first, so that services that only project what others did give way to them. */
export const isBusy = ({ busyUntil }: Intake): boolean => performance.now() < busyUntil

const enter = (intake: Intake): void => {
  intake.waiting++
  if (intake.waiting > BUSY) intake.busyUntil = performance.now() + CALM_MS
}

/** What publishing at an edge needs. */
export type PublisherParts = {
  readonly service: string
  readonly bus: Bus
  readonly intake: Intake
  readonly tracer: Tracer
  /** `messaging.system` of the bus. */
  readonly system: string
}

/** The `publish` of a service's edge: an event that stands at the beginning, not one that a handler emits. */
export const createPublisher =
  ({ service, bus, intake, tracer, system }: PublisherParts): ServiceContext<unknown>['publish'] =>
  async (contract, data, { id, traceparent, source }) => {
    const now = new Date()
    const declared = contract as EventContract<typeof data>
    const message = { system, operation: 'send', topic: contract.type, eventId: id } as const
    const span = tracer.start('producer', `send ${contract.type}`, {
      parent: traceparent,
      attributes: () => {
        const key = declared.key(data)
        return messageAttributes(isPersonalKey(contract, data, key) ? message : { ...message, key })
      },
    })
    try {
      const event = sealEvent(declared, data, {
        service,
        id,
        traceparent: span.traceparent,
        now,
        ...(source !== undefined && { source }),
      })
      const { headers, value } = toBinary(event)
      failpoint('publish.before')
      enter(intake)
      try {
        const [place] = await bus.publish([
          { topic: event.type, key: event.subject ?? event.id, headers, value },
        ])
        if (span.kept)
          span.end({ attributes: messageAttributes({ ...message, partition: place?.partition }) })
      } finally {
        intake.waiting--
      }
      failpoint('publish.after')
      return event
    } catch (thrown) {
      span.end({ error: errorTypeOf(thrown) })
      throw thrown
    }
  }

import type { EventContract } from '@commerce-mesh/contracts'
import type { MeshConfig } from '../config/config.ts'
import type { Attributes } from './span.ts'

/** `messaging.system`, as the semantic conventions name it; our own log has no name there. */
export const messagingSystem = ({ driver }: MeshConfig['bus']): string =>
  driver === 'embedded' ? 'mesh_embedded' : driver

/** Where a record lies, or goes. */
type Message = {
  readonly system: string
  readonly operation: 'send' | 'process'
  readonly topic: string
  readonly partition?: number | undefined
  readonly eventId?: string | undefined
  /** Left out where it is personal. */
  readonly key?: string | undefined
}

/** Attributes of sending and processing (OpenTelemetry's messaging and Kafka conventions). */
export const messageAttributes = ({
  system,
  operation,
  topic,
  partition,
  eventId,
  key,
}: Message): Attributes => {
  // Made for every span that is kept: no copies on the way.
  const attributes: Attributes = {
    'messaging.system': system,
    'messaging.operation.type': operation,
    'messaging.operation.name': operation,
    'messaging.destination.name': topic,
  }
  if (partition !== undefined) attributes['messaging.destination.partition.id'] = String(partition)
  if (eventId !== undefined) attributes['messaging.message.id'] = eventId
  if (key !== undefined) attributes['messaging.kafka.message.key'] = key
  return attributes
}

const valuesAt = (value: unknown, path: readonly string[]): unknown[] => {
  const [segment, ...rest] = path
  if (segment === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (segment === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest))
  return Object.hasOwn(value, segment) ? valuesAt(Reflect.get(value, segment), rest) : []
}

/** Whether a record's key is one of its event's personal values: an order number is none, an e-mail address is. */
export const isPersonalKey = ({ personal }: EventContract, data: unknown, key: string): boolean =>
  personal.some((path) => valuesAt(data, path.split('.')).some((value) => String(value) === key))

import { type CloudEvent, producerOf } from '@commerce-mesh/contracts'
import { derivedId } from './event-id.ts'

/** Longer ids are shortened to a digest: they stand in documents, and in attributes of what they cause. */
const LONGEST = 255

/**
 * The id that the mesh knows an event by: in inboxes, in the journal, and as the cause of others. For events of its own services it is
 * the event's id. Ids of others are unique for their source alone (CloudEvents 1.0.2, "id"), and vendors like to number every
 * kind of event from one, so source and name go with them.
 *
 * @param name - of the event, without its version: one fact in two versions has one id.
 */
export const knownId = ({ id, source }: Pick<CloudEvent, 'id' | 'source'>, name: string): string => {
  if (producerOf(source) !== source) return id
  const whole = `${source}#${name}#${id}`
  return whole.length <= LONGEST ? whole : derivedId('outside', source, name, id)
}

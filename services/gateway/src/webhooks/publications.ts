import {
  type EventContract,
  EventFormatError,
  type Finding,
  parseEvent,
  sourceOf,
  toBinary,
} from '@commerce-mesh/contracts'
import type { Source, SourceEvent } from '@commerce-mesh/mesh'
import { SourceFault } from './source-fault.ts'

/** An event that may be published as it is. */
export type Publication = {
  readonly contract: EventContract
  readonly data: unknown
  readonly id: string
  /** CloudEvents `source`: the owner's of the contract, for whom the gateway takes it in. */
  readonly source: string
}

/** Findings that a fault tells. */
const SHOWN_FINDINGS = 10

/** Paths and rules, never values: findings may be logged. */
const inWords = (findings: readonly Finding[]): string =>
  findings
    .slice(0, SHOWN_FINDINGS)
    .map(({ path, message }) => `${path === '' ? 'event' : path} ${message}`)
    .join('; ')

/** As a source wrote it, so far as it may stand in a log. */
const shownType = (type: string): string => (/^[\w.-]{1,160}$/.test(type) ? type : 'an event')

const checked = (contract: EventContract, { data, id }: SourceEvent): Publication => {
  const publication = { id, source: sourceOf(contract.owner), extensions: {}, data, type: contract.type }
  const event = parseEvent(contract, publication)
  const key = contract.key(event.data)
  toBinary({ ...event, subject: key, datacontenttype: 'application/json' })
  return { contract, data: event.data, id, source: event.source }
}

const publicationOf = (
  source: Source,
  event: SourceEvent,
  contracts: ReadonlyMap<string, EventContract>,
): Publication => {
  const { type } = event.contract
  const declared = source.emits.find((contract) => contract.type === type)
  if (declared === undefined)
    throw new SourceFault(source.name, `made ${shownType(type)}, which it does not declare in emits`)
  try {
    // What readers hold it against, where the source has brought a contract of the same type.
    return checked(contracts.get(type) ?? declared, event)
  } catch (thrown) {
    if (thrown instanceof EventFormatError)
      throw new SourceFault(
        source.name,
        `made ${type}, which breaks its contract: ${inWords(thrown.findings)}`,
      )
    throw new SourceFault(source.name, `made ${type}, which can’t be held against its contract`, thrown)
  }
}

/**
 * Checks all events of one notification before the first of them is published.
 *
 * @param contracts - what the mesh knows, by type.
 * @throws SourceFault for an event that the source does not declare, one that breaks its contract, and two with one id: readers
 * would take the second for the first, come again.
 */
export const publicationsOf = (
  source: Source,
  events: readonly SourceEvent[],
  contracts: ReadonlyMap<string, EventContract>,
): readonly Publication[] => {
  const publications = events.map((event) => publicationOf(source, event, contracts))
  if (new Set(publications.map(({ id }) => id)).size < publications.length)
    throw new SourceFault(source.name, 'made two events with one id of one notification')
  return publications
}

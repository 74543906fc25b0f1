import {
  type EventContract,
  EventFormatError,
  type Finding,
  type ProducerGrants,
  orderSubmitted,
  parseEvent,
  unknownTypeMessage,
} from '@commerce-mesh/contracts'
import { z } from 'zod'
import { broken, notGranted } from './event-refusal.ts'
import type { SentEvent } from './sent-event.ts'

/** What a caller's events are held against. */
export type AdmissionRules = {
  /** By type. */
  readonly contracts: ReadonlyMap<string, EventContract>
  readonly grants: ProducerGrants
}

/** An event that may be published. */
export type Admitted = {
  readonly contract: EventContract
  readonly data: unknown
  readonly id: string
  readonly source: string
}

/** The CloudEvents `source` of a caller. */
const sourceOfCaller = (name: string): string => `/${name}`

const foreignSource = (source: string | undefined, own: string): readonly Finding[] =>
  source === undefined || source === own
    ? []
    : [{ path: 'source', message: `must be ${own}: a caller publishes under its own name only` }]

const submitted = z.object({ submittedBy: z.string() })

/** Who handed in an order may read its status, so nobody hands one in for somebody else. */
const foreignSubmitter = ({ name }: EventContract, data: unknown, caller: string): readonly Finding[] => {
  const claim = name === orderSubmitted.name ? submitted.safeParse(data).data : undefined
  return claim === undefined || claim.submittedBy === caller
    ? []
    : [
        {
          path: 'data.submittedBy',
          message: `must be ${caller}: a caller hands in orders under its own name only`,
        },
      ]
}

const dataOf = (
  contract: EventContract,
  { value }: { readonly value: unknown },
): { readonly data?: unknown; readonly findings: readonly Finding[] } => {
  try {
    const { type } = contract
    const { data } = parseEvent(contract, { id: '', source: '', type, extensions: {}, data: value })
    return { data, findings: [] }
  } catch (thrown) {
    if (thrown instanceof EventFormatError) return { findings: thrown.findings }
    throw thrown
  }
}

/**
 * Decides whether a caller's event may be published. Only `producers` gives the right, for the very version: what a contract's owner
 * may do counts for the services of the mesh and not over HTTP.
 *
 * @throws Refusal 403 where nobody gave the caller the right; 422 with everything that is wrong with the event.
 */
export const admitEvent = (
  sent: SentEvent,
  caller: string,
  { contracts, grants }: AdmissionRules,
): Admitted => {
  const own = sourceOfCaller(caller)
  const wrong = [...sent.findings, ...foreignSource(sent.source, own)]
  if (sent.type === undefined) throw broken(wrong)
  const contract = contracts.get(sent.type)
  if (contract === undefined)
    throw broken([...wrong, { path: 'type', message: unknownTypeMessage(sent.type, contracts) }])
  if (grants.get(own)?.has(contract.type) !== true) throw notGranted(own, contract.type)
  const { data, findings } = sent.data === undefined ? { findings: [] } : dataOf(contract, sent.data)
  const all = [...wrong, ...findings, ...foreignSubmitter(contract, sent.data?.value, caller)]
  if (all.length > 0 || sent.event === undefined) throw broken(all)
  return { contract, data, id: sent.event.id, source: own }
}

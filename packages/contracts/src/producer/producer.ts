import type { Finding } from '../cloud-events/format-error.ts'
import type { EventContract } from '../event.ts'

/** Beginning of the CloudEvents `source` of the mesh's own services; behind it stands the service's name. */
const SERVICE_SOURCE = '/commerce-mesh/'

/** The CloudEvents `source` of a service of the mesh. */
export const sourceOf = (service: string): string => SERVICE_SOURCE + service

/** Who wrote an event, as its `source` says: a service's name, or the source itself. */
export const producerOf = (source: string): string =>
  source.startsWith(SERVICE_SOURCE) ? source.slice(SERVICE_SOURCE.length) : source

/** Which event types others than their owners may emit, by CloudEvents `source`. */
export type ProducerGrants = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Whether an event of a contract may come from a source: from its owner, from any service for the mesh's own bookkeeping, and
 * from whom the operator lists.
 */
export const mayEmit = (
  { owner, type }: Pick<EventContract, 'owner' | 'type'>,
  source: string,
  grants: ProducerGrants,
): boolean =>
  source === sourceOf(owner) ||
  (owner === 'mesh' && source.startsWith(SERVICE_SOURCE)) ||
  grants.get(source)?.has(type) === true

/** What is wrong with who wrote an event; undefined where nothing is. */
export const producerFault = (
  contract: Pick<EventContract, 'owner' | 'type'>,
  source: string,
  grants: ProducerGrants,
): Finding | undefined =>
  mayEmit(contract, source, grants)
    ? undefined
    : {
        path: 'source',
        message: `may not emit ${contract.type}: its owner is ${contract.owner}, and \`producers\` in mesh.yaml lists nobody else of this name`,
      }

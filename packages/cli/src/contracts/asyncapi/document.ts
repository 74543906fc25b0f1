import { type EventContract, keyPathsOf, sampleEventOf, toBinary } from '@commerce-mesh/contracts'
import type { DeclaredService } from '@commerce-mesh/mesh'
import { type Use, usesOf } from '../reference/use.ts'
import { headersOf } from './headers.ts'
import { embeddedSchema, schemaPointer } from './schema.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** Version of AsyncAPI's Kafka bindings. */
const BINDING = '0.5.0'

const DESCRIPTION = `Events of Commerce Mesh: paid orders become enrollments in an LMS, and each step is an event.

Each event type and major version has a topic of the same name (an operator may put a prefix before it). Events are CloudEvents 1.0 in
the binary mode of the Kafka binding; the structured mode is read too. Events with the same record key stay in order. Only the
owner of an event, and whom the operator lists, may publish it: what others publish is set aside and handled by nobody.`

const tag = (name: string, description?: string) => ({
  name,
  ...(description !== undefined && { description }),
})

const contractOf = (contract: EventContract) => ({
  'x-owner': contract.owner,
  'x-key': keyPathsOf(contract),
  'x-personal': contract.personal,
})

const channelPointer = ({ type }: EventContract): string => `#/channels/${type}`

const channelOf = (contract: EventContract): JsonObject => ({
  address: contract.type,
  title: contract.type,
  summary: contract.summary,
  messages: { [contract.type]: { $ref: `#/components/messages/${contract.type}` } },
  tags: [tag(contract.owner)],
  ...contractOf(contract),
})

const examplesOf = (contract: EventContract): readonly JsonObject[] =>
  contract.examples.slice(0, 1).map((payload) => ({
    name: 'sample',
    headers: toBinary(sampleEventOf(contract)).headers,
    payload,
  }))

const keyText = (contract: EventContract): string => {
  const paths = keyPathsOf(contract)
  return paths.length === 0 ? 'What the contract makes of the event.' : `Made of: ${paths.join(', ')}.`
}

const messageOf = (contract: EventContract): JsonObject => ({
  name: contract.type,
  title: contract.type,
  summary: contract.summary,
  contentType: 'application/json',
  headers: headersOf(contract),
  payload: { $ref: schemaPointer(contract) },
  bindings: {
    kafka: { key: { type: 'string', minLength: 1, description: keyText(contract) }, bindingVersion: BINDING },
  },
  tags: [tag(contract.owner)],
  examples: examplesOf(contract),
  ...contractOf(contract),
})

const operation = (
  contract: EventContract,
  action: 'send' | 'receive',
  service: string,
  more: JsonObject,
): readonly [string, JsonObject] => [
  `${service}.${action}.${contract.type}`,
  {
    action,
    channel: { $ref: channelPointer(contract) },
    messages: [{ $ref: `${channelPointer(contract)}/messages/${contract.type}` }],
    tags: [tag(service)],
    ...more,
  },
]

const operationsOf = (contract: EventContract, { emittedBy, readers }: Use) => [
  ...emittedBy.map((service) =>
    operation(contract, 'send', service, { summary: `${service} emits ${contract.type}.` }),
  ),
  ...[...Map.groupBy(readers, ({ service }) => service)].map(([service, own]) =>
    operation(contract, 'receive', service, {
      summary: `${service} takes ${contract.type} by ${own.map(({ handler }) => handler).join(', ')}.`,
      'x-handlers': own.map(({ handler, when, reads, as }) => ({ name: handler, when, reads, as })),
    }),
  ),
]

/**
 * An AsyncAPI 3.0.0 document of all events: a channel for each topic, and an operation for each service that sends to it or
 * receives from it. It names no servers: where Kafka is, and whether there is one at all, is the operator's choice.
 *
 * @param services - in the order in which they are to be listed.
 * @param version - release of the mesh.
 */
export const asyncApiOf = (
  contracts: readonly EventContract[],
  services: readonly DeclaredService[],
  version: string,
) => {
  const uses = usesOf(contracts, services)
  const byType = <T>(of: (contract: EventContract) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(contracts.map((contract) => [contract.type, of(contract)]))
  const unused: Use = { emittedBy: [], readers: [] }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Commerce Mesh',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: [
        ...services.map(({ name }) => tag(name, `What ${name} owns, sends and receives.`)),
        tag('mesh', 'Bookkeeping of the mesh itself, which every service emits.'),
      ],
    },
    defaultContentType: 'application/json',
    channels: byType(channelOf),
    operations: Object.fromEntries(
      contracts.flatMap((contract) => operationsOf(contract, uses.get(contract.type) ?? unused)),
    ),
    components: { schemas: byType(embeddedSchema), messages: byType(messageOf) },
  }
}

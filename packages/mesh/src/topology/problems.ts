import {
  type EventContract,
  admits,
  isRequired,
  jsonSchemaOf,
  keyPathsOf,
  readableVersions,
  schemasAt,
} from '@commerce-mesh/contracts'
import type { ConfigCode } from '../finding/finding.ts'
import type { Problem } from '../finding/issue-findings.ts'
import { isBookkeeping } from './bookkeeping.ts'
import { type Route, planRoutes } from '../routes/plan.ts'
import { unknownEvent } from './route-problems.ts'
import { eventCycles } from './cycles.ts'
import { type DeclaredMesh, type Wiring, contractsOf } from './declared-mesh.ts'

/** What is wrong with who emits and who reads what. */
export type TopologyProblem = Problem & { readonly severity?: 'warning' }

type Emitters = ReadonlyMap<string, readonly string[]>

/** Who emits each event type: services, sources, and whom the configuration lists. */
export const emittersOf = (
  { services, sources }: DeclaredMesh,
  { producers }: Pick<Wiring, 'producers'>,
): Emitters => {
  const pairs = [
    ...services.flatMap(({ name, emits }) => emits.map(({ type }) => ({ type, by: name }))),
    ...sources.flatMap(({ source }) =>
      source.emits.map(({ type }) => ({ type, by: `webhook ${source.name}` })),
    ),
    ...producers.flatMap(({ source, emits }) => emits.map((type) => ({ type, by: source }))),
  ]
  return new Map(
    [...Map.groupBy(pairs, ({ type }) => type)].map(([type, found]) => [
      type,
      [...new Set(found.map(({ by }) => by))],
    ]),
  )
}

const at = (service: string) => ['services', service]

const problem = (
  code: ConfigCode,
  path: readonly PropertyKey[],
  message: string,
  more: Pick<TopologyProblem, 'fix' | 'severity'> = {},
): TopologyProblem => ({ code, path, message, ...more })

const unread = (
  contracts: readonly EventContract[],
  routes: readonly Route[],
  emitters: Emitters,
  consumers: Wiring['consumers'],
) => {
  const read = new Set([
    ...routes.filter(({ enabled }) => enabled).map(({ event }) => event),
    ...consumers.flatMap(({ reads }) => reads),
  ])
  return contracts
    .filter((contract) => !isBookkeeping(contract) && emitters.has(contract.type) && !read.has(contract.type))
    .map(({ type, owner }) =>
      problem(
        'MESH_EVENT_UNREAD',
        at(owner),
        `${type} is emitted by ${emitters.get(type)?.join(', ')} and read by nobody.`,
        {
          severity: 'warning',
        },
      ),
    )
}

const versionsEmitted = (name: string, contracts: readonly EventContract[], emitters: Emitters) =>
  contracts.filter((contract) => contract.name === name && emitters.has(contract.type))

/** Readers that wait for what never comes, or that stand where their emitter is about to leave. Who is switched off waits for nothing. */
const stranded = (
  { services }: DeclaredMesh,
  contracts: readonly EventContract[],
  routes: readonly Route[],
  emitters: Emitters,
): readonly TopologyProblem[] => {
  const waiting = new Set(
    routes.filter(({ enabled }) => enabled).map(({ service, handler: { name } }) => `${service}/${name}`),
  )
  return services.flatMap(({ name: service, handlers }) =>
    handlers.flatMap(({ name, contract }): readonly TopologyProblem[] => {
      const who = `${service}/${name}`
      if (isBookkeeping(contract) || !waiting.has(who)) return []
      const emitted = versionsEmitted(contract.name, contracts, emitters)
      const readable = new Set(readableVersions(contract).map(({ type }) => type))
      const newer = emitted.filter(({ version }) => version > contract.version)
      if (emitted.some(({ type }) => readable.has(type)))
        return newer.map((next) =>
          problem(
            'MESH_EVENT_VERSION_OLD',
            at(service),
            `${who} still reads ${contract.type}, which ${emitters.get(next.type)?.join(', ')} emits as ${next.type} too.`,
            { severity: 'warning' },
          ),
        )
      const [other] = newer.length > 0 ? newer : emitted
      return other === undefined
        ? [
            problem(
              'MESH_EVENT_UNEMITTED',
              at(service),
              `${who} waits for ${contract.type}, which nobody emits.`,
            ),
          ]
        : [
            problem(
              'MESH_EVENT_VERSION_GONE',
              at(service),
              `${who} reads ${contract.type}; ${emitters.get(other.type)?.join(', ')} emits ${other.type} only.`,
            ),
          ]
    }),
  )
}

const foreign = ({ services }: DeclaredMesh): readonly TopologyProblem[] =>
  services.flatMap(({ name, emits }) =>
    emits
      .filter(({ owner }) => owner !== name)
      .map(({ type, owner }) =>
        problem('MESH_EVENT_OWNER', at(name), `${name} emits ${type}, which belongs to ${owner}.`),
      ),
  )

/** A field of the schema that a key path is, or begins with: a key may call a method of its field. */
const fieldOf = (contract: EventContract, path: string): string | undefined => {
  const segments = path.split('.')
  return segments
    .map((_, nth) => segments.slice(0, segments.length - nth).join('.'))
    .find((one) => schemasAt(jsonSchemaOf(contract), one).length > 0)
}

const keyProblem = (contract: EventContract): string | undefined => {
  const paths = keyPathsOf(contract)
  if (paths.length === 0) return `the key of ${contract.type} is made of no field.`
  const loose = paths
    .map((path) => fieldOf(contract, path) ?? path)
    .filter((field) => !isRequired(jsonSchemaOf(contract), field) || admits(contract, field, null))
  return loose.length === 0
    ? undefined
    : `the key of ${contract.type} is made of ${loose.join(', ')}, which may be missing or null.`
}

const keyless = (contracts: readonly EventContract[]): readonly TopologyProblem[] =>
  contracts.flatMap((contract) => {
    const message = keyProblem(contract)
    return message === undefined ? [] : [problem('MESH_EVENT_KEY', at(contract.owner), message)]
  })

const sameContract = (one: EventContract, other: EventContract): boolean =>
  one === other || JSON.stringify(jsonSchemaOf(one)) === JSON.stringify(jsonSchemaOf(other))

/** Who has contracts of its own, and where that is to be told. */
const holdersOf = ({ services, sources }: DeclaredMesh) => [
  ...services.map(({ name, consumes, emits }) => ({
    who: name,
    path: at(name),
    contracts: [...consumes, ...emits],
  })),
  ...sources.map(({ source, path }) => ({
    who: `the webhook ${source.name}`,
    path,
    contracts: source.emits,
  })),
]

const clashes = (mesh: DeclaredMesh, known: ReadonlyMap<string, EventContract>): readonly TopologyProblem[] =>
  holdersOf(mesh).flatMap(({ who, path, contracts }) => {
    const strange = contracts.filter(
      (contract) => !sameContract(known.get(contract.type) ?? contract, contract),
    )
    return [...new Set(strange.map(({ type }) => type))].map((type) =>
      problem(
        'MESH_EVENT_CONTRACT_CLASH',
        path,
        `${who} has a contract of ${type} that differs from that of the others.`,
      ),
    )
  })

/** Event types that somebody outside is said to emit or read, and that there is no contract for. */
const unknownOutside = (
  { producers, consumers }: Pick<Wiring, 'producers' | 'consumers'>,
  known: ReadonlyMap<string, EventContract>,
): readonly TopologyProblem[] => {
  const named = [
    ...producers.flatMap(({ emits }, nth) =>
      emits.map((type, item) => ({ type, path: ['producers', nth, 'emits', item] })),
    ),
    ...consumers.flatMap(({ reads }, nth) =>
      reads.map((type, item) => ({ type, path: ['consumers', nth, 'reads', item] })),
    ),
  ]
  return named
    .filter(({ type }) => !known.has(type))
    .map(({ type, path }) => {
      const { message, fix } = unknownEvent(type, [...known.keys()])
      return problem('MESH_OUTSIDE_EVENT_UNKNOWN', path, message, fix === undefined ? {} : { fix })
    })
}

/** Readers outside that wait for what nobody emits. */
const strandedOutside = (
  { consumers }: Pick<Wiring, 'consumers'>,
  known: ReadonlyMap<string, EventContract>,
  emitters: Emitters,
): readonly TopologyProblem[] =>
  consumers.flatMap(({ name, reads }, nth) =>
    reads.flatMap((type, item) =>
      !known.has(type) || emitters.has(type) || isBookkeeping({ type })
        ? []
        : [
            problem(
              'MESH_EVENT_UNEMITTED',
              ['consumers', nth, 'reads', item],
              `${name} reads ${type}, which nobody emits.`,
            ),
          ],
    ),
  )

const circles = (mesh: DeclaredMesh, routes: readonly Route[]): readonly TopologyProblem[] =>
  eventCycles(mesh.services, routes).map((steps) =>
    problem(
      'MESH_EVENT_CYCLE',
      at(steps[0]?.service ?? ''),
      `${steps.map(({ event, service, handler }) => `${event} -> ${service}/${handler}`).join(' -> ')} -> ${steps[0]?.event ?? ''}.`,
    ),
  )

/** Everything that is wrong with who emits and who reads what, from the declarations and the configuration alone. */
export const topologyProblems = (mesh: DeclaredMesh, wiring: Wiring): readonly TopologyProblem[] => {
  const known = contractsOf(mesh)
  const contracts = [...known.values()]
  const routes = planRoutes(mesh.services, wiring.routes)
  const emitters = emittersOf(mesh, wiring)
  return [
    ...unknownOutside(wiring, known),
    ...strandedOutside(wiring, known, emitters),
    ...foreign(mesh),
    ...clashes(mesh, known),
    ...keyless(contracts),
    ...circles(mesh, routes),
    ...stranded(mesh, contracts, routes, emitters),
    ...unread(contracts, routes, emitters, wiring.consumers),
  ]
}

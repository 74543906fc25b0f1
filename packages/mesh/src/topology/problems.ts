import {
  type EventContract,
  isRequired,
  jsonSchemaOf,
  keyPathsOf,
  readableVersions,
  schemasAt,
} from '@commerce-mesh/contracts'
import type { ConfigCode } from '../config/finding.ts'
import type { Problem } from '../config/issue-findings.ts'
import { isBookkeeping } from '../graph/bookkeeping.ts'
import { type Route, planRoutes } from '../routes/plan.ts'
import { unknownEvent } from '../routes/problems.ts'
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

const unread = (contracts: readonly EventContract[], routes: readonly Route[], emitters: Emitters) => {
  const read = new Set(routes.filter(({ enabled }) => enabled).map(({ event }) => event))
  return contracts
    .filter((contract) => !isBookkeeping(contract) && emitters.has(contract.type) && !read.has(contract.type))
    .map(({ type }) =>
      problem(
        'MESH_EVENT_UNREAD',
        [],
        `${type} is emitted by ${emitters.get(type)?.join(', ')} and read by nobody.`,
        {
          severity: 'warning',
        },
      ),
    )
}

const versionsEmitted = (name: string, contracts: readonly EventContract[], emitters: Emitters) =>
  contracts.filter((contract) => contract.name === name && emitters.has(contract.type))

/** Readers that wait for what never comes, or that stand where their emitter is about to leave. */
const stranded = (
  { services }: DeclaredMesh,
  contracts: readonly EventContract[],
  emitters: Emitters,
): readonly TopologyProblem[] =>
  services.flatMap(({ name: service, handlers }) =>
    handlers.flatMap(({ name, contract }): readonly TopologyProblem[] => {
      if (isBookkeeping(contract)) return []
      const who = `${service}/${name}`
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
    .filter((field) => !isRequired(jsonSchemaOf(contract), field))
  return loose.length === 0
    ? undefined
    : `the key of ${contract.type} is made of ${loose.join(', ')}, which may be missing.`
}

const keyless = (contracts: readonly EventContract[]): readonly TopologyProblem[] =>
  contracts.flatMap((contract) => {
    const message = keyProblem(contract)
    return message === undefined ? [] : [problem('MESH_EVENT_KEY', [], message)]
  })

const sameContract = (one: EventContract, other: EventContract): boolean =>
  one === other || JSON.stringify(jsonSchemaOf(one)) === JSON.stringify(jsonSchemaOf(other))

const clashes = (
  mesh: DeclaredMesh,
  known: ReadonlyMap<string, EventContract>,
): readonly TopologyProblem[] => {
  const told = new Set<string>()
  return mesh.services.flatMap(({ name, consumes, emits }) =>
    [...consumes, ...emits].flatMap((contract) => {
      const first = known.get(contract.type)
      const id = `${name} ${contract.type}`
      if (first === undefined || told.has(id) || sameContract(first, contract)) return []
      told.add(id)
      return [
        problem(
          'MESH_EVENT_CONTRACT_CLASH',
          at(name),
          `${name} has a contract of ${contract.type} that differs from that of the others.`,
        ),
      ]
    }),
  )
}

const ungranted = (
  { producers }: Pick<Wiring, 'producers'>,
  known: ReadonlyMap<string, EventContract>,
): readonly TopologyProblem[] =>
  producers.flatMap(({ emits }, nth) =>
    emits.flatMap((type, item) => {
      if (known.has(type)) return []
      const { message, fix } = unknownEvent(type, [...known.keys()])
      return [
        problem(
          'MESH_PRODUCER_EVENT_UNKNOWN',
          ['producers', nth, 'emits', item],
          message,
          fix === undefined ? {} : { fix },
        ),
      ]
    }),
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
    ...ungranted(wiring, known),
    ...foreign(mesh),
    ...clashes(mesh, known),
    ...keyless(contracts),
    ...circles(mesh, routes),
    ...stranded(mesh, contracts, emitters),
    ...unread(contracts, routes, emitters),
  ]
}

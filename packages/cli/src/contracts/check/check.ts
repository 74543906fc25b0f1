import {
  EventFormatError,
  fromStructured,
  jsonSchemaOf,
  readableVersions,
  readAs,
} from '@commerce-mesh/contracts'
import type { EventContract } from '@commerce-mesh/contracts'
import type { Change } from '../compare/change/change.ts'
import { compare } from '../compare/compare.ts'
import { schemaFileOf } from '../publish/baseline.ts'
import type { Baseline, PublishedContract } from '../publish/baseline.ts'
import type { Reader } from '../readers/readers.ts'
import { affectedReaders, affectedRoutes } from './affected.ts'
import type { ReaderOfTypes } from './affected.ts'
import { CONTRACT_FINDINGS } from './finding.ts'
import type { ContractCode, ContractFinding } from './finding.ts'
import { versionsOf } from './versions.ts'

/** What is checked, and against what. */
export type Check = {
  /** Today's contracts, older versions that are upcast among them or behind their upcasts. */
  readonly contracts: readonly EventContract[]
  readonly baseline: Baseline
  readonly readers: readonly Reader[]
  /** What it means that a contract is not published; undefined: nothing. */
  readonly unpublished?: (contract: EventContract) => ContractFinding['severity'] | undefined
}

const findingOf = (
  code: ContractCode,
  type: string,
  message: string,
  more: Partial<ContractFinding> = {},
): ContractFinding => ({
  code,
  severity: 'error',
  type,
  file: schemaFileOf(type),
  path: '',
  message,
  fix: CONTRACT_FINDINGS[code].action,
  readers: [],
  routes: [],
  ...more,
})

const codeOf = ({ severity, oldReaders }: Change): ContractCode => {
  if (severity === 'error') return 'MESH_CONTRACT_BREAKS'
  return oldReaders === 'yes' ? 'MESH_CONTRACT_MEANING' : 'MESH_CONTRACT_READERS_FIRST'
}

/** A change of a contract as a finding, with whom it breaks. */
export const changeFinding = (
  change: Change,
  type: string,
  readers: readonly ReaderOfTypes[],
): ContractFinding => {
  const { path, what, severity, advice, kind, to, oldReaders, newReaders, because } = change
  return findingOf(codeOf(change), type, what, {
    severity,
    path,
    fix: advice,
    change: { kind, ...(to !== undefined && { to }), oldReaders, newReaders, because },
    readers: affectedReaders(change, type, readers),
    routes: affectedRoutes(change, type, readers),
  })
}

const troubleWith = (contract: EventContract, text: string): string | undefined => {
  try {
    readAs(contract, fromStructured(text))
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof EventFormatError)) throw thrown
    return thrown.findings.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')
  }
}

const REFUSED_EVENT =
  'Make the contract take it again: such events are stored, and may be read or redriven at any time.'

const noStoredEvents = ({ type, examples }: PublishedContract): readonly ContractFinding[] =>
  examples.length > 0
    ? []
    : [
        findingOf(
          'MESH_CONTRACT_EXAMPLE',
          type,
          'has no stored events any more: what readers must go on taking can’t be tried',
          { fix: 'Restore them from the repository’s history, or run mesh contracts publish.' },
        ),
      ]

const exampleFindings = (
  { type, examples }: PublishedContract,
  readers: readonly EventContract[],
): readonly ContractFinding[] =>
  examples.flatMap(({ name, text }) =>
    readers.flatMap((reader) => {
      const trouble = troubleWith(reader, text)
      if (trouble === undefined) return []
      const by = reader.type === type ? '' : ` as ${reader.type}`
      const file = name.split('/').at(-1) ?? name
      return [
        findingOf('MESH_CONTRACT_EXAMPLE', type, `stored event ${file} is refused${by}: ${trouble}`, {
          file: name,
          fix: REFUSED_EVENT,
        }),
      ]
    }),
  )

const publishedFindings = (
  published: PublishedContract,
  contract: EventContract,
  readers: readonly ReaderOfTypes[],
): readonly ContractFinding[] =>
  published.schema === undefined
    ? [findingOf('MESH_CONTRACT_BASELINE', published.type, 'its published schema is missing or no JSON')]
    : compare(published.schema, jsonSchemaOf(contract)).map((change) =>
        changeFinding(change, published.type, readers),
      )

const goneFinding = (type: string, readers: readonly ReaderOfTypes[]): ContractFinding =>
  findingOf('MESH_CONTRACT_GONE', type, 'was published and has no contract any more', {
    readers: readers
      .filter(({ takes }) => takes.includes(type))
      .map(({ service, handler }) => ({
        service,
        ...(handler !== undefined && { handler }),
        why: 'reads it',
      })),
  })

/** Readers with the event types that they take. */
const withTypes = (
  readers: readonly Reader[],
  contracts: ReadonlyMap<string, EventContract>,
): readonly ReaderOfTypes[] =>
  readers.map((reader) => {
    const contract = contracts.get(reader.type)
    const takes = contract === undefined ? [reader.type] : readableVersions(contract).map(({ type }) => type)
    return { ...reader, takes }
  })

/**
 * Holds today's contracts against published ones: each change with whom it breaks, contracts that came or went, and stored events
 * that are refused. Pure.
 *
 * @returns findings by event type, in the order of the contracts; then those of contracts that are gone.
 */
export const checkContracts = ({
  contracts,
  baseline,
  readers,
  unpublished = () => 'error',
}: Check): readonly ContractFinding[] => {
  const known = versionsOf(contracts)
  const typed = withTypes(readers, known)
  const today = [...known.values()]
  const gone = [...baseline.keys()].filter((type) => !known.has(type))
  return [
    ...today.flatMap((contract) => {
      const published = baseline.get(contract.type)
      if (published === undefined) {
        const severity = unpublished(contract)
        return severity === undefined
          ? []
          : [
              findingOf(
                'MESH_CONTRACT_UNPUBLISHED',
                contract.type,
                'has no published schema and no stored events: nothing holds it to what others rely on',
                {
                  severity,
                },
              ),
            ]
      }
      const able = today.filter((reader) =>
        readableVersions(reader).some(({ type }) => type === contract.type),
      )
      return [
        ...publishedFindings(published, contract, typed),
        ...noStoredEvents(published),
        ...exampleFindings(published, able),
      ]
    }),
    ...gone.map((type) => goneFinding(type, typed)),
  ]
}

import {
  type EventContract,
  sampleEventOf,
  sampleOf,
  toStructured,
  nearestKey,
} from '@commerce-mesh/contracts'
import { EXIT } from '../../command/exit-code.ts'
import type { ExitCode } from '../../command/exit-code.ts'
import type { Input } from '../../command/input.ts'
import { UsageError } from '../../command/usage-error.ts'
import { callOf } from '../../terminal/call.ts'
import { layTable } from '../../terminal/table.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { knownContracts } from '../known.ts'
import { distinctSamples } from './nth.ts'

type Known = ReadonlyMap<string, EventContract>

/** Samples that are written at once. */
const BATCH = 500

const listTypes = (contracts: Known, { out }: Terminal): void => {
  for (const line of layTable([...contracts.values()].map(({ type, summary }) => [type, summary]))) out(line)
}

const contractOf = (type: string, contracts: Known, input: Input, terminal: Terminal): EventContract => {
  const contract = contracts.get(type)
  if (contract === undefined) {
    const near = nearestKey(type, [...contracts.keys()])
    throw new UsageError(
      `There is no event '${type}'.`,
      near === undefined
        ? `${callOf(input, terminal)('contracts sample')} lists them.`
        : `Did you mean: ${callOf(input, terminal)(`contracts sample ${near}`)}`,
    )
  }
  if (contract.examples.length === 0)
    throw new UsageError(
      `The contract of '${type}' has no examples.`,
      'Add one to `examples` in its defineEvent: it is valid data.',
    )
  return contract
}

const printOne = (contract: EventContract, dataOnly: boolean, { out }: Terminal): void => {
  const printed: unknown = dataOnly ? sampleOf(contract) : JSON.parse(toStructured(sampleEventOf(contract)))
  out(JSON.stringify(printed, undefined, 2))
}

const printMany = async (
  contract: EventContract,
  count: number,
  dataOnly: boolean,
  { write, note }: Terminal,
): Promise<void> => {
  const nthSample = distinctSamples(contract, count)
  if (nthSample === undefined)
    note(`The key of ${contract.type} can’t be varied by itself: all samples have the same one.`)
  const event = sampleEventOf(contract)
  const lineOf = (nth: number): string => {
    const data = nthSample?.(nth) ?? event.data
    if (dataOnly) return `${JSON.stringify(data)}\n`
    return `${toStructured({ ...event, id: `e-${nth + 1}`, subject: contract.key(data), data })}\n`
  }
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start)
    await write(Array.from({ length: size }, (_, at) => lineOf(start + at)).join(''))
  }
}

/** `mesh contracts sample`. @throws UsageError for a type that there is no contract or no example of. */
export const sampleContract = async (input: Input, terminal: Terminal): Promise<ExitCode> => {
  const type = input.optionalArgument('TYPE')
  const count = input.count('count')
  const contracts = await knownContracts(input, terminal)
  if (type === undefined) {
    if (count !== undefined || input.on('data'))
      throw new UsageError('A sample of which event? TYPE is missing.', 'Without flags all types are listed.')
    listTypes(contracts, terminal)
    return EXIT.ok
  }
  const contract = contractOf(type, contracts, input, terminal)
  if (count === undefined) printOne(contract, input.on('data'), terminal)
  else await printMany(contract, count, input.on('data'), terminal)
  return EXIT.ok
}

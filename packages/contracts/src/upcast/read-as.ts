import type { CloudEvent } from '../cloud-events/event.ts'
import { FormatReport } from '../cloud-events/format-report.ts'
import type { EventContract } from '../event.ts'
import { parseEvent, validateData } from '../validation/validate.ts'

const upcastData = <D>(contract: EventContract<D>, data: unknown): D => {
  try {
    return validateData(contract, contract.upcast?.map(data))
  } catch {
    // Whatever went wrong: the event is sound, and its message may quote the data.
    const report = new FormatReport()
    report.breach('data', `can’t be read as ${contract.type}: its upcast gives what is not valid there`)
    throw report.error()
  }
}

/**
 * Checks a decoded event as a reader of a contract takes it: of the contract's own version, or of an older one, which is checked
 * by its own contract first and then upcast. An upcast event has the newer `type`; its id and everything else stay.
 *
 * @returns the event with its data typed.
 * @throws EventFormatError of kind `contract` with every finding, as {@link parseEvent}.
 */
export const readAs = <D>(contract: EventContract<D>, event: CloudEvent<unknown>): CloudEvent<D> => {
  const { upcast } = contract
  if (upcast === undefined || event.type === contract.type) return parseEvent(contract, event)
  const older = readAs(upcast.from, event)
  return { ...older, type: contract.type, data: upcastData(contract, older.data) }
}

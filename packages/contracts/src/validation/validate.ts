import type { CloudEvent } from '../cloud-events/event.ts'
import { FormatReport } from '../cloud-events/format-report.ts'
import { isBytes } from '../cloud-events/payload.ts'
import type { EventContract } from '../event.ts'
import { findingsOf } from './issue-finding.ts'

/**
 * Notes everything that is wrong with data.
 *
 * @param root - path of `data` within the event; empty for none.
 * @returns the data, typed, with its record key; undefined where anything was noted.
 */
export const checkData = <D>(
  contract: EventContract<D>,
  data: unknown,
  root: readonly string[],
  report: FormatReport,
): { readonly data: D; readonly key: string } | undefined => {
  if (isBytes(data)) {
    report.breach(root.join('.'), 'must be JSON: send it with the content type application/json')
    return undefined
  }
  const result = contract.data.safeParse(data)
  if (!result.success) {
    for (const issue of result.error.issues) {
      for (const { path, message } of findingsOf(issue, data, root)) report.breach(path, message)
    }
    return undefined
  }
  const key = contract.key(result.data)
  if (key !== '') return { data: result.data, key }
  report.breach(root.join('.'), 'has an empty record key')
  return undefined
}

const validate = <D>(
  contract: EventContract<D>,
  data: unknown,
  root: readonly string[],
  report: FormatReport,
): D => {
  const checked = checkData(contract, data, root, report)
  if (checked === undefined || report.count > 0) throw report.error()
  return checked.data
}

/**
 * Checks data against a contract. Do it before you publish.
 *
 * @returns the data, typed.
 * @throws EventFormatError of kind `contract` with every finding; paths are within the data, such as `lines.0.courseId`.
 */
export const validateData = <D>(contract: EventContract<D>, data: unknown): D =>
  validate(contract, data, [], new FormatReport())

/**
 * Checks a decoded event against a contract: its type, its data, and that its record key is not empty.
 *
 * @returns the event with its data typed.
 * @throws EventFormatError of kind `contract` with every finding; paths are within the event, such as `data.lines.0.courseId`.
 */
export const parseEvent = <D>(contract: EventContract<D>, event: CloudEvent<unknown>): CloudEvent<D> => {
  const report = new FormatReport()
  if (event.type !== contract.type) report.breach('type', `must be ${contract.type}`)
  return { ...event, data: validate(contract, event.data, ['data'], report) }
}

import type { CloudEvent } from './cloud-events/event.ts'
import type { EventContract } from './event.ts'
import { sourceOf } from './producer/producer.ts'
import { validateData } from './validation/validate.ts'

/**
 * Valid data of a contract, for tests and documentation: its first example; a copy of its own at each call.
 *
 * @throws TypeError for a contract without examples.
 */
export const sampleOf = <D>(contract: EventContract<D>): D => {
  const [sample] = contract.examples
  if (sample === undefined)
    throw new TypeError(`The contract of '${contract.type}' has no examples: add one to its defineEvent.`)
  return validateData(contract, sample)
}

/**
 * A valid event of a contract, for tests and documentation.
 *
 * @param attributes - what is to differ from the sample, such as `id`.
 * @throws TypeError for a contract without examples.
 */
export const sampleEventOf = <D>(
  contract: EventContract<D>,
  attributes: Partial<Omit<CloudEvent, 'type' | 'data'>> = {},
): CloudEvent<D> => {
  const data = sampleOf(contract)
  return {
    id: 'e-1',
    source: sourceOf(contract.owner),
    subject: contract.key(data),
    time: '2026-01-02T03:04:05Z',
    datacontenttype: 'application/json',
    extensions: {},
    ...attributes,
    type: contract.type,
    data,
  }
}

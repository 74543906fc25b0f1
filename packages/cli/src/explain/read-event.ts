import { fromStructured, orderSubmitted, sourceOf, nearestKey } from '@commerce-mesh/contracts'
import type { CloudEvent, EventContract } from '@commerce-mesh/contracts'
import { orderRequest } from '@commerce-mesh/gateway'
import { UsageError } from '../command/usage-error.ts'

type Contracts = ReadonlyMap<string, EventContract>

/** An event and the contract that describes it. */
export type ReadEvent = { readonly event: CloudEvent<unknown>; readonly contract: EventContract }

const contractNamed = (type: string, contracts: Contracts): EventContract => {
  const contract = contracts.get(type)
  if (contract !== undefined) return contract
  const near = nearestKey(type, [...contracts.keys()])
  throw new UsageError(
    `There is no event '${type}'.`,
    near === undefined ? `One of: ${[...contracts.keys()].join(', ')}` : `Did you mean '${near}'?`,
  )
}

const eventOf = (contract: EventContract, data: unknown): CloudEvent<unknown> => ({
  id: 'explained',
  source: sourceOf(contract.owner),
  type: contract.type,
  datacontenttype: 'application/json',
  extensions: {},
  data,
})

/** What `POST /v1/orders` takes, as the event that the gateway makes of it. */
const submissionOf = (body: unknown): unknown => {
  const parsed = orderRequest.safeParse(body)
  return parsed.success ? { ...parsed.data, submittedBy: 'example-shop', channel: 'orders' } : undefined
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(
      'What was given is not valid JSON.',
      'FILE is the JSON of one event, of its data, or of an order.',
    )
  }
}

const guess = (data: unknown, contracts: Contracts): ReadEvent => {
  const fitting = [...contracts.values()].filter((contract) => contract.data.safeParse(data).success)
  const [only, ...more] = fitting
  if (only !== undefined && more.length === 0) return { event: eventOf(only, data), contract: only }
  const submission = only === undefined ? submissionOf(data) : undefined
  if (submission !== undefined)
    return { event: eventOf(orderSubmitted, submission), contract: orderSubmitted }
  throw new UsageError(
    only === undefined
      ? 'This is no event, no order, and the data of no event that is known here.'
      : `This may be the data of ${fitting.map(({ type }) => type).join(' or ')}.`,
    'Say which event it is with --type TYPE; what is wrong with it is shown then.',
  )
}

const isEvent = (value: unknown): value is { readonly type?: unknown } =>
  typeof value === 'object' && value !== null && 'specversion' in value

/**
 * Reads what `mesh explain` is asked about: a CloudEvent in the JSON format, the data of one, or an order as a storefront hands
 * it in.
 *
 * @param type - what it is the data of, where that can't be told.
 * @throws UsageError, EventFormatError
 */
export const readEvent = (text: string, type: string | undefined, contracts: Contracts): ReadEvent => {
  const value = jsonOf(text)
  if (isEvent(value)) {
    const event = fromStructured(text)
    if (type !== undefined && type !== event.type)
      throw new UsageError(
        `The event is of type ${event.type}, and --type says ${type}.`,
        'Leave --type out.',
      )
    return { event, contract: contractNamed(event.type, contracts) }
  }
  if (type === undefined) return guess(value, contracts)
  const contract = contractNamed(type, contracts)
  return { event: eventOf(contract, value), contract }
}

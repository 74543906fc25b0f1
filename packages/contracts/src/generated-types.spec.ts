import { describe, expect, it } from '@jest/globals'
import type { EventTypes } from '../generated/types.d.ts'
import {
  CONTRACTS,
  type DeadLetterRecorded,
  type HopRecorded,
  type OrderFulfilled,
  type OrderFulfillmentFailed,
  type OrderPlaced,
  type OrderSubmitted,
  type PaymentCaptured,
  type PaymentNotified,
} from './index.ts'

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/** True where two types are the same one; being assignable both ways would let a missing optional field pass. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** What zod makes of each contract's schema. */
type Validated = {
  'order.submitted.v1': OrderSubmitted
  'payment.notified.v1': PaymentNotified
  'payment.captured.v1': PaymentCaptured
  'order.placed.v1': OrderPlaced
  'order.fulfilled.v1': OrderFulfilled
  'order.fulfillment-failed.v1': OrderFulfillmentFailed
  'mesh.hop-recorded.v1': HopRecorded
  'mesh.dead-letter-recorded.v1': DeadLetterRecorded
}

/** Whether the two forms of each type are the same. The compiler is the test: it takes no `true` below where they are not. */
type Agreed = {
  readonly [K in keyof EventTypes]: Same<EventTypes[K], DeepReadonly<Validated[K]>>
}

const AGREED: Agreed = {
  'order.submitted.v1': true,
  'payment.notified.v1': true,
  'payment.captured.v1': true,
  'order.placed.v1': true,
  'order.fulfilled.v1': true,
  'order.fulfillment-failed.v1': true,
  'mesh.hop-recorded.v1': true,
  'mesh.dead-letter-recorded.v1': true,
}

describe('the types for vendors', () => {
  it('say the same as the schemas, as the compiler finds; of every contract', () => {
    expect(Object.keys(AGREED)).toEqual(CONTRACTS.map(({ type }) => type))
  })
})

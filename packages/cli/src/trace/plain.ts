import type { OrderStatus } from '@commerce-mesh/gateway'
import { harmless } from '../terminal/text.ts'

/** An order as a terminal may be given it: names and reasons come from outside, and control characters in them would steer it. */
export const plainStatus = (status: OrderStatus): OrderStatus =>
  JSON.parse(JSON.stringify(status), (_name, value: unknown) =>
    typeof value === 'string' ? harmless(value) : value,
  ) as OrderStatus

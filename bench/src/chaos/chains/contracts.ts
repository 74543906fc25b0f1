import { defineEvent } from '@commerce-mesh/contracts'
import { z } from 'zod'

const chain = z.string().min(1).max(100)
const link = z.int().min(1)

/** A link was handed in. The contract of a service that exists only to be broken. */
export const chainLinked = defineEvent({
  name: 'chain.linked',
  version: 1,
  owner: 'chains',
  summary: 'The next link of a chain was handed in.',
  key: (data) => data.chain,
  data: z.strictObject({
    chain,
    link,
    /** Whether the first attempt is to fail, so that the link has to wait. */
    wait: z.boolean(),
  }),
})

/** A link was counted. */
export const chainCounted = defineEvent({
  name: 'chain.counted',
  version: 1,
  owner: 'chains',
  summary: 'A link was counted.',
  key: (data) => data.chain,
  data: z.strictObject({
    chain,
    link,
    /** Which process counted it. */
    by: z.string(),
  }),
})

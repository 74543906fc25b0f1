import { setTimeout as delay } from 'node:timers/promises'
import { done, defineService, emit, handles, implement, retry } from '@commerce-mesh/mesh'
import { z } from 'zod'
import { chainCounted, chainLinked } from './contracts.ts'
import { createChainEdge } from './edge.ts'

/** What is known of a chain: every time that a link was counted, in the order of counting. */
export type ChainState = { readonly counted: readonly { readonly link: number; readonly by: string }[] }

/** How a process of the service behaves. */
export type ChainSettings = {
  readonly port: number
  /** What the process calls itself in what it counts. */
  readonly by: string
  /** Milliseconds that each link takes, so that something is under way when the process is hit. */
  readonly slowMs: number
}

const countDeclaration = handles(chainLinked, 'count', { emits: [chainCounted] })

/**
 * Counts links, in an effect that is not idempotent: where orders look first whether a learner is enrolled already, a
 * link that is counted twice stands there twice, and one that comes too early stands before the one it follows.
 */
export const chains = ({ port, by, slowMs }: ChainSettings) =>
  defineService<ChainState, object>({
    name: 'chains',
    options: z.strictObject({}),
    handlers: [countDeclaration],
    emits: [chainLinked, chainCounted],
    initialState: () => ({ counted: [] }),
    concurrency: 16,
    start: (context) => ({
      handlers: [
        implement(countDeclaration, async ({ data }, { counted }: ChainState, { attempt, signal }) => {
          const { chain, link, wait } = data
          if (wait && attempt === 1) return retry({ code: 'MESH_LMS_ERROR', reason: 'made to wait' })
          await delay(slowMs, undefined, { signal })
          return done({ counted: [...counted, { link, by }] }, [emit(chainCounted, { chain, link, by })])
        }),
      ],
      edge: createChainEdge(context, port),
    }),
  })

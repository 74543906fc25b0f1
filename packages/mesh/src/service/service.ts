import type { CloudEvent, DataOf, EventContract } from '@commerce-mesh/contracts'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Health } from '../runtime/health.ts'
import type { Operations } from '../operations/operations.ts'
import type { Collection, Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracer } from '../telemetry/span.ts'
import type { Handler } from './handler.ts'

/** What the runtime hands to a service when it starts. */
export type ServiceContext<O> = {
  readonly options: O
  readonly log: Logger
  readonly metrics: Metrics
  readonly store: Store
  readonly now: () => Date
  /** State of one of this service's own aggregates, as last committed. */
  readonly readState: <S>(key: string) => Promise<S | undefined>
  /**
   * Makes an event durable on its topic. Resolves when it is on disk (promise 1).
   * @throws MeshError MESH_BUS_UNAVAILABLE when it can't be; then nothing was accepted.
   */
  readonly publish: <C extends EventContract>(
    contract: C,
    data: DataOf<C>,
    stamp: { id: string; traceparent: string },
  ) => Promise<CloudEvent<DataOf<C>>>
  /** Reads and mends what the whole mesh holds; used by the gateway's operator endpoints. */
  readonly operations: Operations
  readonly health: Health
  /** Makes spans of what the runtime does not see: requests at an edge, calls to the other side. */
  readonly tracer: Tracer
}

/** A running service's parts. */
export type ServiceParts<S> = {
  readonly handlers: readonly Handler<S>[]
  /** Where the outside comes in (an HTTP server): opened last, closed first. `open` answers the address, for people and tools. */
  readonly edge?: { open(): Promise<string | void>; close(): Promise<void> }
  /** Frees connections; called after the last handler has finished. */
  readonly close?: () => Promise<void>
}

/** A unit of deployment that declares what it consumes and emits, and holds handlers. */
export type Service<S = unknown, O = unknown> = {
  readonly name: string
  /** Schema of the service's section in mesh.yaml; the configuration reference is generated from it. */
  readonly options: z.ZodType<O>
  readonly consumes: readonly EventContract[]
  readonly emits: readonly EventContract[]
  /** Collections of its own besides the aggregates. */
  readonly collections?: readonly Collection[]
  /** State of an aggregate that no event has touched yet. */
  initialState(): S
  /** False for a service that only projects what others did: its handling is not journaled. Default true. */
  readonly journaled?: boolean
  /** Keys handled at once; the operator's `concurrency` option overrides it. */
  readonly concurrency: number
  start(context: ServiceContext<O>): Promise<ServiceParts<S>> | ServiceParts<S>
}

/** Declares a service. */
export const defineService = <S, O>(service: Service<S, O>): Service<S, O> => Object.freeze(service)

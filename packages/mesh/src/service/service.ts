import {
  type CloudEvent,
  type DataOf,
  type EventContract,
  type ProducerGrants,
  readableVersions,
} from '@commerce-mesh/contracts'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Health } from '../runtime/health.ts'
import type { Operations } from '../operations/operations.ts'
import type { Source } from '../source/source.ts'
import type { Collection, Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracer } from '../telemetry/span.ts'
import type { Handler, HandlerDeclaration } from './handler.ts'

/** A plugin's source with its options, as its own schema has checked them. */
export type ConfiguredSource = { readonly source: Source<never>; readonly options: unknown }

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
   * Makes an event durable on its topic. Resolves when it is on disk (promise 1). `source` is the service's own unless it
   * passes on what somebody else has published.
   * @throws MeshError MESH_BUS_UNAVAILABLE when it can't be; then nothing was accepted.
   */
  readonly publish: <C extends EventContract>(
    contract: C,
    data: DataOf<C>,
    stamp: { id: string; traceparent: string; source?: string },
  ) => Promise<CloudEvent<DataOf<C>>>
  /** Reads and mends what the whole mesh holds; used by the gateway's operator endpoints. */
  readonly operations: Operations
  readonly health: Health
  /** Makes spans of what the runtime does not see: requests at an edge, calls to the other side. */
  readonly tracer: Tracer
  /** Every contract that this mesh knows, by type: what comes in from outside is held against it. */
  readonly contracts: ReadonlyMap<string, EventContract>
  /** Who else than the owners may publish which types: section `producers` of mesh.yaml. */
  readonly grants: ProducerGrants
  /** The plugins' sources, for a service with an edge to serve. */
  readonly sources: readonly ConfiguredSource[]
}

/** A running service's parts. */
export type ServiceParts<S> = {
  /** The handlers that are declared without a function. */
  readonly handlers?: readonly Handler<S>[]
  /** Where the outside comes in (an HTTP server): opened last, closed first. `open` answers the address, for people and tools. */
  readonly edge?: { open(): Promise<string | void>; close(): Promise<void> }
  /** Frees connections; called after the last handler has finished. */
  readonly close?: () => Promise<void>
}

/** What a service says of itself: everything but what follows from it. */
export type ServiceDeclaration<S = unknown, O = unknown> = {
  readonly name: string
  /** Schema of the service's section in mesh.yaml; the configuration reference is generated from it. */
  readonly options: z.ZodType<O>
  /** What it takes, and by which handlers; those that need a client, say, are made by `start`. */
  readonly handlers: readonly (HandlerDeclaration | Handler<S>)[]
  readonly emits: readonly EventContract[]
  /** Collections of its own besides the aggregates. */
  readonly collections?: readonly Collection[]
  /** Index name -> dotted path of a number or text in the aggregates' state, to be asked for by the store's `find`. */
  readonly indexes?: Readonly<Record<string, string>>
  /** State of an aggregate that no event has touched yet. */
  initialState(): S
  /** False for a service that only projects what others did: its handling is not journaled. Default true. */
  readonly journaled?: boolean
  /** It serves the webhooks of sources, so that their sections of mesh.yaml are its own. */
  readonly servesSources?: boolean
  /** Keys handled at once; the operator's `concurrency` option overrides it. */
  readonly concurrency: number
  /** Makes what the service needs while it runs; left out where its handlers need nothing. */
  start?(context: ServiceContext<O>): Promise<ServiceParts<S>> | ServiceParts<S>
}

/** A unit of deployment that declares what it consumes and emits, and holds handlers. */
export type Service<S = unknown, O = unknown> = Omit<ServiceDeclaration<S, O>, 'start'> & {
  /** Every version that its handlers take, one topic each. */
  readonly consumes: readonly EventContract[]
  start(context: ServiceContext<O>): Promise<ServiceParts<S>> | ServiceParts<S>
}

const consumedBy = (handlers: readonly HandlerDeclaration[]): readonly EventContract[] => {
  const byType = new Map<string, EventContract>()
  const versions = handlers.flatMap(({ contract }) => readableVersions(contract))
  for (const contract of versions) if (!byType.has(contract.type)) byType.set(contract.type, contract)
  return [...byType.values()]
}

/** The start of a service that needs nothing while it runs. */
export const startsNothing = (): ServiceParts<never> => ({})

/** Declares a service. */
export const defineService = <S, O>(declaration: ServiceDeclaration<S, O>): Service<S, O> =>
  Object.freeze({ start: startsNothing, ...declaration, consumes: consumedBy(declaration.handlers) })

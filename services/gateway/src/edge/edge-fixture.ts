import { CONTRACTS, type CloudEvent } from '@commerce-mesh/contracts'
import {
  type DeadLetter,
  MeshError,
  type Operations,
  type ServiceContext,
  type Tracer,
  createHealth,
  createMetrics,
  silentTracer,
} from '@commerce-mesh/mesh'
import type { z } from 'zod'
import { callersCollection, newApiKey } from '../auth/api-key.ts'
import type { Scope } from '../auth/caller.ts'
import { idempotencyCollection } from '../idempotency/idempotency.ts'
import { gatewayOptions } from '../options.ts'
import type { OrderView } from '../order-view/index.ts'
import { type GatewayContext, createGatewayEdge } from './gateway-edge.ts'
import { type MemoryStore, createMemoryStore } from './memory-store.ts'

/** What a test sees and steers of a gateway that listens on a real socket over fake engines. */
export type Fixture = {
  readonly url: string
  readonly context: GatewayContext
  readonly store: MemoryStore
  readonly published: Published[]
  readonly logged: Record<string, unknown>[]
  readonly letters: Map<string, DeadLetter>
  readonly views: Map<string, OrderView>
  /** Milliseconds since the epoch; the gateway's only clock. */
  time: number
  /** Replaces what publishing does after the event was noted. */
  onPublish: () => Promise<void>
  key(...scopes: Scope[]): string
  close(): Promise<void>
}

/** An event that the gateway made durable. */
type Published = { type: string; data: unknown; id: string; traceparent: string; source?: string }

const unknownLetter = (id: string) =>
  new MeshError('MESH_DEAD_LETTER_UNKNOWN', `There is no dead letter '${id}'.`)

const fakeOperations = (letters: Map<string, DeadLetter>): Operations => {
  const find = (id: string) => {
    const letter = letters.get(id)
    if (letter === undefined) throw unknownLetter(id)
    return letter
  }
  const settle = (id: string, status: DeadLetter['status'], by: string, note?: string) => {
    const letter = find(id)
    if (letter.status !== 'open')
      throw new MeshError('MESH_DEAD_LETTER_CLOSED', `The dead letter '${id}' is closed.`)
    const next = { ...letter, status, closedBy: by, ...(note !== undefined && { note }) }
    letters.set(id, next)
    return next
  }
  return {
    deadLetters: async ({ key, status = 'open', class: reason, service }) =>
      [...letters.values()].filter(
        (letter) =>
          letter.status === status &&
          (key === undefined || letter.key === key) &&
          (reason === undefined || letter.class === reason) &&
          (service === undefined || letter.service === service),
      ),
    deadLetter: async (id) => find(id),
    redrive: async (id, by) => settle(id, 'redriven', by),
    discard: async (id, by, reason) => settle(id, 'discarded', by, reason),
    audit: async () => ({ at: '2026-11-21T12:00:00.000Z', services: [], drift: 0 }),
    progress: async () => [{ service: 'payments', lag: 3, waiting: 2, unpublished: 1 }],
  }
}

const ALL: readonly Scope[] = ['orders:write', 'orders:read', 'operate']

/** What comes in from outside, where a test has any. */
type Outside = Partial<Pick<GatewayContext, 'contracts' | 'grants' | 'sources'>>

/** One configured key per set of scopes that a test may ask for. */
const makeKeys = () => {
  const pair: Scope[] = ['orders:write', 'orders:read']
  const sets: Scope[][] = [...ALL.map((scope) => [scope]), ['events:write'], pair, [...ALL]]
  return sets.map((scopes) => ({ scopes, name: scopes.join('.').replaceAll(':', '-'), ...newApiKey() }))
}

/** Opens a gateway on a free port of the loopback. */
export const openFixture = async (
  options: z.input<typeof gatewayOptions> = {},
  tracer: Tracer = silentTracer,
  outside: Outside = {},
): Promise<Fixture> => {
  const keys = makeKeys()
  const callers = keys.map(({ name, keyHash, scopes }) => ({ name, keyHash, scopes }))
  const store = createMemoryStore()
  for (const collection of [callersCollection, idempotencyCollection]) await store.declare(collection)
  const published: Published[] = []
  const logged: Record<string, unknown>[] = []
  const letters = new Map<string, DeadLetter>()
  const views = new Map<string, OrderView>()
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push({ level, ...fields, message })
  const publish: ServiceContext<unknown>['publish'] = async (contract, data, stamp) => {
    await fixture.onPublish()
    published.push({ type: contract.type, data, ...stamp })
    return { id: stamp.id, source: 'gateway', type: contract.type, extensions: {}, data } as CloudEvent<
      typeof data
    >
  }
  const context: GatewayContext = {
    options: gatewayOptions.parse({ port: 0, callers: [...callers, ...(options.callers ?? [])], ...options }),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    metrics: createMetrics(),
    store,
    now: () => new Date(fixture.time),
    readState: async <S>(key: string) => views.get(key) as S | undefined,
    publish,
    operations: fakeOperations(letters),
    health: createHealth(),
    tracer,
    contracts: new Map(CONTRACTS.map((contract) => [contract.type, contract])),
    grants: new Map(),
    sources: [],
    ...outside,
  }
  const edge = createGatewayEdge(context)
  const fixture: Fixture = {
    url: '',
    context,
    store,
    published,
    logged,
    letters,
    views,
    time: Date.parse('2026-11-21T12:00:00Z'),
    onPublish: async () => {},
    key: (...scopes) => {
      const found = keys.find((key) => key.scopes.join() === scopes.join())
      if (found === undefined) throw new TypeError(`no key with the scopes ${scopes.join()}`)
      return found.key
    },
    close: () => edge.close(),
  }
  await edge.open()
  return Object.assign(fixture, { url: edge.url() })
}

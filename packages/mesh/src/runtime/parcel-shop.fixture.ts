import {
  fromKafka,
  parseEvent,
  type CloudEvent,
  type EventContract,
  type HopRecorded,
  hopRecorded,
} from '@commerce-mesh/contracts'
import { pino } from 'pino'
import { z } from 'zod'
import {
  orderedEvent,
  outgoing,
  parcelFailed,
  parcelOrdered,
  parcelPacked,
} from '../aggregate/parcel.fixture.ts'
import { defaultConfig, type MeshConfig } from '../config/config.ts'
import { eventually } from '../flow/eventually.fixture.ts'
import type { RouteSettings } from '../routes/settings.ts'
import { type Handler, type HandlerContext, type Exhaustion, on } from '../service/handler.ts'
import { type Outcome, done, emit } from '../service/outcome.ts'
import { type Service, type ServiceParts, defineService } from '../service/service.ts'
import { temporaryDirectories } from '../sqlite/temp-directory.fixture.ts'
import { type RunningMesh, startMesh } from './mesh.ts'

/** What the packing service knows of a parcel. */
export type Packing = { readonly packed: number }

/** A parcel as its packer sees it. */
export type Order = z.output<typeof parcelOrdered.data>

/** Decides about one ordered parcel. */
export type Packer = (
  order: Order,
  state: Packing,
  context: HandlerContext,
  event: CloudEvent,
) => Promise<Outcome<Packing>> | Outcome<Packing>

/** What the packer does who has no wishes to heed. */
export const packIt: Packer = ({ parcel }, { packed }) =>
  done({ packed: packed + 1 }, [emit(parcelPacked, { parcel })])

const options = z.strictObject({ concurrency: z.int().min(1).optional() }).prefault({})

/** Makes the service that packs what is ordered. */
export const packing = (
  pack: Packer = packIt,
  more: {
    concurrency?: number
    exhausted?: (order: Order) => Exhaustion<Packing>
    parts?: Partial<ServiceParts<Packing>>
    journaled?: boolean
  } = {},
): Service<never, never> => {
  const { concurrency = 8, exhausted, parts, journaled = true } = more
  const handler: Handler<Packing> = on(
    parcelOrdered,
    'pack',
    (event, state: Packing, context) => pack(event.data, state, context, event),
    exhausted === undefined ? {} : { exhausted: ({ data }) => exhausted(data) },
  )
  return defineService<Packing, z.output<typeof options>>({
    name: 'packing',
    options,
    handlers: [handler],
    emits: [parcelPacked, parcelFailed],
    initialState: () => ({ packed: 0 }),
    concurrency,
    journaled,
    start: () => parts ?? {},
  }) as unknown as Service<never, never>
}

/** What the shipping service knows of a parcel. */
export type Shipping = { readonly shipped: number }

/** Makes the service that ships what is packed. */
export const shipping = (): Service<never, never> =>
  defineService<Shipping, object>({
    name: 'shipping',
    options: z.strictObject({}),
    handlers: [on(parcelPacked, 'ship', (_event, { shipped }: Shipping) => done({ shipped: shipped + 1 }))],
    emits: [],
    initialState: () => ({ shipped: 0 }),
    concurrency: 8,
  }) as unknown as Service<never, never>

/** What a made-up service counts per key. */
export type Tally = { readonly count: number }

/** The next tally. */
export const counted = ({ count }: Tally): Tally => ({ count: count + 1 })

/** Makes a service that counts, as a plugin would bring it; by default it emits nothing. */
export const counting = (
  name: string,
  handlers: readonly Handler<Tally>[],
  more: Partial<
    Pick<Service<Tally>, 'emits' | 'concurrency' | 'initialState' | 'journaled' | 'options' | 'start'>
  > = {},
): Service<never, never> =>
  defineService<Tally, unknown>({
    name,
    options: z.strictObject({}),
    handlers,
    emits: [],
    initialState: () => ({ count: 0 }),
    concurrency: 8,
    ...more,
  }) as unknown as Service<never, never>

/** A route of mesh.yaml as its settings are read. */
export const route = (
  event: EventContract,
  to: string,
  more: Partial<RouteSettings> = {},
): RouteSettings => ({ event: event.type, to, enabled: true, ...more })

/** Settings under which nothing takes long. */
export const quickConfig = (data: string, more: Partial<MeshConfig> = {}): MeshConfig => ({
  ...defaultConfig(),
  data,
  bus: { ...defaultConfig().bus, partitions: 3 },
  retry: { initialMs: 10, factor: 1, maxMs: 10, jitter: 0, windowHours: 72 },
  breaker: { failures: 3, coolDownMs: 10, maxCoolDownMs: 20 },
  deadlineMs: 5_000,
  graceMs: 2_000,
  ...more,
})

/** A shop that runs, and the means to look at it. */
export type Shop = {
  readonly mesh: RunningMesh
  readonly data: string
  /** Everything that was logged, as pino wrote it. */
  readonly logged: readonly string[]
  /** Orders parcels; the event ids are `<parcel>#<nth>`. */
  order(...orders: readonly (string | Order)[]): Promise<void>
  /** Publishes an event as it is. */
  publish(...events: readonly CloudEvent[]): Promise<void>
  /** Resolves when nothing is under way or waits, and every outbox is published. */
  settled(): Promise<void>
  hops(parcel?: string): Promise<HopRecorded[]>
  events<D>(contract: EventContract<D>): Promise<CloudEvent<D>[]>
  /** The lines of one metric, without its help. */
  metric(name: string): Promise<string[]>
  /** What a service that counts has counted under a key. */
  tally(service: string, key: string): Promise<number | undefined>
  packed(parcel: string): Promise<number | undefined>
  shipped(parcel: string): Promise<number | undefined>
}

/** Reads every event on a topic, in the order of its partitions. */
export const eventsOn = async <D>(
  { bus }: RunningMesh,
  contract: EventContract<D>,
): Promise<CloudEvent<D>[]> => {
  const lags = await bus.lag('reader', [contract.type])
  const records = await Promise.all(lags.map((place) => bus.read(place, 0, 10_000)))
  return records.flat().map(({ headers, value }) => parseEvent(contract, fromKafka(headers, value)))
}

type Observed = Pick<Service<never, never>, 'name' | 'consumes'>

/** Records accepted by all services, when each has its fate and its offset is committed; otherwise undefined. */
const acceptedAtRest = async ({ bus, operations }: RunningMesh, services: readonly Observed[]) => {
  for (const { name, consumes } of services) {
    const lags = await bus.lag(
      name,
      consumes.map(({ type }) => type),
    )
    if (lags.some(({ committed, end }) => committed < end)) return undefined
  }
  const { services: audits } = await operations.audit()
  if (audits.some(({ inFlight, waiting }) => inFlight + waiting > 0)) return undefined
  return audits.reduce((sum, { accepted }) => sum + accepted, 0)
}

/** Resolves when nothing is under way or waits, and every outbox is published. */
export const untilSettled = async (mesh: RunningMesh, services: readonly Observed[]): Promise<void> => {
  await eventually('a shop at rest', async () => {
    const before = await acceptedAtRest(mesh, services)
    const outboxes = await Promise.all(
      services.map(({ name }) => mesh.store.count(name, { index: 'outboxSince' })),
    )
    if (before === undefined || outboxes.some((pending) => pending > 0)) return false
    // What was published in the meantime gave somebody work.
    return (await acceptedAtRest(mesh, services)) === before
  })
}

const shopOf = (
  mesh: RunningMesh,
  services: readonly Service<never, never>[],
  data: string,
  logged: readonly string[],
): Shop => {
  const counts = new Map<string, number>()
  const eventOf = (order: string | Order) => {
    const whole = typeof order === 'string' ? { parcel: order } : order
    const nth = counts.get(whole.parcel) ?? 1
    counts.set(whole.parcel, nth + 1)
    return orderedEvent(`${whole.parcel}#${nth}`, whole)
  }
  const publish = async (...events: readonly CloudEvent[]) => {
    await mesh.bus.publish(events.map((event) => outgoing(event)))
  }
  return {
    mesh,
    data,
    logged,
    publish,
    order: (...orders) => publish(...orders.map(eventOf)),
    settled: () => untilSettled(mesh, services),
    hops: async (parcel) =>
      (await eventsOn(mesh, hopRecorded))
        .map(({ data: hop }) => hop)
        .filter(({ key }) => parcel === undefined || key === parcel),
    events: (contract) => eventsOn(mesh, contract),
    metric: async (name) =>
      (await mesh.metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`)),
    tally: async (service, key) => (await mesh.readState<Tally>(service, key))?.count,
    packed: async (parcel) => (await mesh.readState<Packing>('packing', parcel))?.packed,
    shipped: async (parcel) => (await mesh.readState<Shipping>('shipping', parcel))?.shipped,
  }
}

/** Opens shops for one test file; what is still open at the end of a test is closed and deleted. */
export const shops = () => {
  const directories = temporaryDirectories()
  const open: RunningMesh[] = []
  return {
    directory: (): string => directories.make(),
    async open(services: readonly Service<never, never>[], config: Partial<MeshConfig> = {}): Promise<Shop> {
      const logged: string[] = []
      const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) })
      const data = config.data ?? directories.make()
      const mesh = await startMesh({ config: quickConfig(data, config), services, log })
      open.push(mesh)
      return shopOf(mesh, services, data, logged)
    },
    async close(): Promise<void> {
      for (const mesh of open.splice(0)) await mesh.stop()
      directories.remove()
    },
  }
}

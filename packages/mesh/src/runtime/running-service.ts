import type { EventContract, ProducerGrants } from '@commerce-mesh/contracts'
import type { Logger } from 'pino'
import { aggregateCollection, type AggregateDocument } from '../aggregate/document.ts'
import { createSweeper } from '../aggregate/sweeper.ts'
import type { Bus, Subscription } from '../bus/bus.ts'
import type { MeshConfig } from '../config/config.ts'
import { MeshError } from '../errors/mesh-error.ts'
import { createKeyLock } from '../flow/key-lock.ts'
import { pause } from '../flow/pause.ts'
import { createSlots } from '../flow/slots.ts'
import type { Operations } from '../operations/operations.ts'
import type { Route } from '../routes/plan.ts'
import { createBreaker } from '../retry/breaker.ts'
import { type WaitingLine, createWaitingLine } from '../retry/waiting-line.ts'
import { intakesOf } from '../routes/intake.ts'
import { type Handler, isHandler } from '../service/handler.ts'
import type { ConfiguredSource, Service, ServiceContext, ServiceParts } from '../service/service.ts'
import type { Store } from '../store/store.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { within } from '../flow/within.ts'
import { createAttempts } from './attempt.ts'
import { createConsumer } from './consumer.ts'
import { exportGauges } from './gauges.ts'
import type { Health } from './health.ts'
import { describeFailure } from '../errors/thrown.ts'
import { messagingSystem } from '../telemetry/messaging.ts'
import type { Telemetry } from '../telemetry/open-telemetry.ts'
import { createRecordTracing, silentTracing } from '../telemetry/record-tracing.ts'
import { tracedStore } from '../telemetry/store-spans.ts'
import { tracedLog } from '../telemetry/traced-log.ts'
import { createPublisher, type Intake, isBusy } from './publisher.ts'
import { workOwnership } from './work-ownership.ts'

/** What all services of a process share. */
export type Surroundings = {
  readonly config: MeshConfig
  readonly bus: Bus
  readonly store: Store
  /** No other process works on these documents. */
  readonly exclusive: boolean
  readonly metrics: Metrics
  readonly health: Health
  readonly operations: Operations
  readonly log: Logger
  readonly intake: Intake
  readonly telemetry: Telemetry
  readonly routes: readonly Route[]
  readonly grants: ProducerGrants
  readonly contracts: ReadonlyMap<string, EventContract>
  readonly sources: readonly ConfiguredSource[]
}

/** A service that runs. */
export type RunningService = {
  readonly name: string
  /** Answers the address, where there is one. */
  openEdge(): Promise<string | undefined>
  closeEdge(): Promise<void>
  /** Drains and leaves the bus, then frees connections. */
  stop(graceMs: number): Promise<void>
}

/** Every declared handler with its function, by name. @throws MeshError MESH_SERVICE_INVALID where the service has one too few or too many */
const handlersOf = <S>(
  { name, handlers: declared }: Service<S, unknown>,
  { handlers: made = [] }: ServiceParts<S>,
): ReadonlyMap<string, Handler<S>> => {
  const names = declared.map((handler) => handler.name)
  const strays = made.map((handler) => handler.name).filter((one) => !names.includes(one))
  const byName = new Map([...declared.filter(isHandler), ...made].map((handler) => [handler.name, handler]))
  const missing = names.filter((one) => !byName.has(one))
  if (strays.length + missing.length > 0 || new Set(names).size < names.length)
    throw new MeshError(
      'MESH_SERVICE_INVALID',
      `Service '${name}' must have exactly one function for each handler that it declares (${[...strays, ...missing, ...names].join(', ')}).`,
    )
  return byName
}

/** The service's options as checked by its own schema. @throws MeshError MESH_CONFIG_INVALID */
const optionsOf = <O>(service: Service<unknown, O>, config: MeshConfig): O => {
  const parsed = service.options.safeParse(config.services[service.name] ?? {})
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(
    (issue) => `services.${[service.name, ...issue.path].join('.')}: ${issue.message}`,
  )
  throw new MeshError(
    'MESH_CONFIG_INVALID',
    `The configuration of ${service.name} has errors: ${issues.join('; ')}.`,
  )
}

/** Keys handled at once. @throws MeshError MESH_CONFIG_INVALID where it is no number to work with: a plugin's own schema may let it pass */
const concurrencyOf = (service: string, options: unknown, fallback: number): number => {
  const wanted =
    typeof options === 'object' && options !== null && 'concurrency' in options
      ? options.concurrency
      : undefined
  if (typeof wanted !== 'number') return fallback
  if (Number.isSafeInteger(wanted) && wanted >= 1) return wanted
  throw new MeshError(
    'MESH_CONFIG_INVALID',
    `services.${service}.concurrency: must be a whole number from 1: nothing would ever be handled.`,
  )
}

/** How a service stands in its consumer group, for people. */
const standingOf = (subscription: () => Subscription | undefined) => ({
  problem: () => (subscription()?.isMember() === false ? 'is joining its consumer group' : undefined),
  note: () =>
    subscription()?.isMember() === true && subscription()?.assigned().length === 0
      ? 'stands by: it owns no partition, as others own all'
      : undefined,
})

/**
 * Keys taken up at once: twice as many as handlers run at once (`slots`), so that a handler never stands idle while
 * outcomes are committed and published. A projection calls nobody, and gives way to the intake.
 */
const lanesOf = (service: Pick<Service, 'journaled'>, concurrency: number): number =>
  service.journaled === false ? concurrency : concurrency * 2

/** Nobody notices a picture that is so much older, and at 500 orders a second the intake has a third of a core more. */
const PROJECTION_LINGER_MS = 50

/** Pause before a waiting record is taken up again whose outcome could not be committed. */
const COMMIT_FAILED_PAUSE_MS = 1_000

/** Waits for work until the grace time is over; then aborts it and waits no longer: nothing that it does counts any more. */
const withinGrace = async (work: Promise<void>, graceMs: number, over: AbortController): Promise<void> => {
  const done = new AbortController()
  const inTime = work.finally(() => done.abort())
  if (!(await pause(graceMs, done.signal))) return inTime
  over.abort()
  // Nobody listens any more; unheard, it would end the process before the others are done.
  inTime.catch(() => {})
}

/** Time that a service gets to start: connections are made later, so it has little to do. */
const START_MS = 30_000

/** What a service throws while it starts may come from a plugin: its name belongs to the message. */
const startParts = async <S, O>(
  service: Service<S, O>,
  context: ServiceContext<O>,
): Promise<ServiceParts<S>> => {
  try {
    // What throws here would throw at each record of a new key, which could then neither be handled nor set aside.
    service.initialState()
    return await within(
      Promise.resolve(service.start(context)),
      START_MS,
      () => new Error(`it is not done after ${START_MS / 1_000} seconds.`),
    )
  } catch (thrown) {
    if (thrown instanceof MeshError) throw thrown
    const said = Error.isError(thrown) ? thrown.message : String(thrown)
    throw new MeshError('MESH_SERVICE_INVALID', `Service '${service.name}' could not start: ${said}`, {
      cause: thrown,
    })
  }
}

/** Starts a service: its parts, its subscription, its waiting line and its sweeper. The edge stays closed. */
export const startService = async <S, O>(
  service: Service<S, O>,
  surroundings: Surroundings,
): Promise<RunningService> => {
  const { config, bus, metrics, health, operations, intake, telemetry, contracts, grants, sources } =
    surroundings
  const { name } = service
  const tracer = telemetry.tracer(name)
  const log = tracedLog(surroundings.log, name)
  const store = tracedStore(surroundings.store, tracer, config.store)
  await store.declare(aggregateCollection(service))
  for (const collection of service.collections ?? []) await store.declare(collection)

  const options = optionsOf(service as unknown as Service<unknown, O>, config)
  const parts = await startParts(service, {
    options,
    log,
    metrics,
    store,
    operations,
    health,
    tracer,
    contracts,
    grants,
    sources,
    now: () => new Date(),
    publish: createPublisher({ service: name, bus, intake, tracer, system: messagingSystem(config.bus) }),
    readState: async <T>(key: string) => (await store.get<AggregateDocument<T>>(name, key))?.body.state,
  })
  try {
    return await connectService(service, parts, concurrencyOf(name, options, service.concurrency), {
      ...surroundings,
      store,
      log,
    })
  } catch (thrown) {
    await parts.close?.()
    throw thrown
  }
}

/** Puts a service's handlers on the bus, with everything that keeps the promises around them. */
const connectService = async <S, O>(
  service: Service<S, O>,
  parts: ServiceParts<S>,
  concurrency: number,
  { config, bus, store, exclusive, metrics, health, intake, telemetry, log, routes, grants }: Surroundings,
): Promise<RunningService> => {
  const { name } = service
  const now = Date.now
  const handlers = handlersOf(service as Service<S, unknown>, parts)
  const intakes = intakesOf(service, routes, handlers)
  const topics = [...intakes.keys()]
  let subscription: Subscription | undefined
  let line: WaitingLine | undefined
  const owned = workOwnership(topics, { exclusive, now }, () => subscription)

  const breaker = createBreaker(config.breaker, (open) => {
    metrics.gauge('mesh_breaker_open', { service: name }, open ? 1 : 0)
    if (open)
      log.warn(
        { ...breaker.heldBack(), until: new Date(breaker.state().until).toISOString() },
        'held back: what this service depends on is down or throttling; records wait, nothing is lost',
      )
    else log.info('going on: what this service depends on answers again')
  })
  metrics.gauge('mesh_breaker_open', { service: name }, 0)
  const slots = createSlots(concurrency)
  const stopping = new AbortController()
  const graceOver = new AbortController()
  const attempt = createAttempts<S>({
    service: name,
    journaled: service.journaled ?? true,
    retry: config.retry,
    deadlineMs: config.deadlineMs,
    breaker,
    slots,
    metrics,
    log,
    now,
    owns: owned.mayCommit,
  })
  const consumer = createConsumer<S>({
    service: name,
    initialState: () => service.initialState(),
    rules: { intakes, grants },
    emits: new Set(service.emits.map(({ type }) => type)),
    stopping: stopping.signal,
    store,
    bus,
    metrics,
    log,
    locks: createKeyLock(),
    owns: owned.mayCommit,
    hold: owned.hold,
    attempt,
    // What a projection does is no part of an order's way: it would only make every trace longer.
    tracing:
      service.journaled === false
        ? silentTracing
        : createRecordTracing({
            tracer: telemetry.tracer(name),
            service: name,
            system: messagingSystem(config.bus),
          }),
    onWaiting: (dueAt) => line?.dueAt(dueAt),
  })

  const troubled = (thrown: unknown) => {
    if (stopping.signal.aborted) return
    log.warn({ err: describeFailure(thrown) }, 'a record could not be committed; it comes again')
  }
  subscription =
    topics.length === 0
      ? undefined
      : await bus.subscribe({
          group: name,
          topics,
          concurrency: lanesOf(service, concurrency),
          // Under load the orders that come in go first, and the picture of them follows a little later.
          ...(service.journaled === false && {
            limit: () => (isBusy(intake) ? 1 : concurrency),
            lingerMs: PROJECTION_LINGER_MS,
          }),
          handle: async (record, signal) => {
            try {
              await consumer.handle(record, signal)
            } catch (thrown) {
              if (!signal.aborted) troubled(thrown)
              throw thrown
            }
          },
        })
  const mine = ({ waiting }: AggregateDocument) => waiting !== undefined && owned.mayTakeUp(waiting)
  const waiting = createWaitingLine({ store, service: name, concurrency, mine, log, now }, (key) =>
    consumer.resume(key, graceOver.signal).catch(async (err) => {
      troubled(err)
      // The handler may have called the LMS; it must not do so in a tight circle.
      await pause(COMMIT_FAILED_PAUSE_MS, stopping.signal)
    }),
  )
  line = waiting
  const sweeper = createSweeper({ store, service: name, exclusive, log, now }, consumer.sweep)

  const { problem, note } = standingOf(() => subscription)
  // Callers can be served while the group is in trouble: what they send is durable, and read a little later.
  if (parts.edge === undefined) health.check(name, problem)
  else health.note(`${name} consumer`, problem)
  health.note(`${name} group`, note)
  health.note(name, () => {
    const held = breaker.heldBack()
    return held && `held back since ${new Date(held.since).toISOString()}: ${held.code}: ${held.reason}`
  })
  exportGauges({ service: name, topics, store, bus, metrics, subscription })

  /** A plugin's part may never end: the others, and the data file, must not wait for it. */
  const ending = async (part: string, end: () => Promise<void> | undefined, graceMs: number) => {
    const over = new AbortController()
    await withinGrace(Promise.resolve(end()), graceMs, over)
    if (over.signal.aborted) log.warn({ part, graceMs }, 'did not close in time; left behind')
  }

  return {
    name,
    openEdge: async () => (await parts.edge?.open()) ?? undefined,
    closeEdge: () => ending('edge', () => parts.edge?.close(), config.graceMs),
    stop: async (graceMs) => {
      stopping.abort()
      breaker.end()
      const end = performance.now() + graceMs
      // The group is left last: whoever gives its partitions away may not commit what waited either.
      await withinGrace(waiting.close(), graceMs, graceOver)
      await subscription?.close(Math.max(0, end - performance.now()))
      await sweeper.close()
      await ending('connections', () => parts.close?.(), graceMs)
    },
  }
}
